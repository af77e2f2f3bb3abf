//! Passkeys are added, sign in, and are removed.

use turnkeep_domain::authentication::AssuranceLevel;
use turnkeep_domain::id::PasskeyId;
use turnkeep_domain::user::UserState;
use turnkeep_service::failure::Failure;
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::sign_in::account_denial::{AccountDenial, AccountResult};
use turnkeep_service::sign_in::credentials::list_credentials;
use turnkeep_service::sign_in::passkeys::{
    PasskeyCeremony, begin_passkey_registration, finish_passkey_registration, remove_passkey,
};
use turnkeep_service::sign_in::refusal::SignInRefusal;
use turnkeep_service::sign_in::session::{NewSession, SignedIn};
use turnkeep_service::sign_in::sign_in_with_passkey::{
    PasskeySignIn, begin_passkey_sign_in, sign_in_with_passkey,
};
use turnkeep_testkit::soft_authenticator::SoftAuthenticator;

use super::sign_in_verbs::{browser, browser_with};
use crate::world::{BASE_URL, World, denial};

const WRONG: SignInRefusal = SignInRefusal::WrongCredentials;

/// One that counts the uses of its keys.
fn authenticator() -> SoftAuthenticator {
    SoftAuthenticator::at(BASE_URL).counting()
}

impl World {
    fn finish_adding(
        &self,
        signed_in: &SignedIn,
        ceremony: &PasskeyCeremony,
        response: &str,
    ) -> AccountResult<PasskeyId> {
        let (authority, issuer) = (&self.authority, &self.slug);
        finish_passkey_registration(authority, issuer, signed_in, &ceremony.pending, response, "laptop", None)
    }

    fn add_passkey(&self, signed_in: &SignedIn, keys: &SoftAuthenticator) -> PasskeyId {
        let ceremony = begin_passkey_registration(&self.authority, &self.slug, signed_in).unwrap();
        self.finish_adding(signed_in, &ceremony, &keys.create(&ceremony.options_json).unwrap()).unwrap()
    }

    fn begin(&self) -> PasskeyCeremony {
        begin_passkey_sign_in(&self.authority, &self.slug).unwrap()
    }

    fn finish(
        &self,
        ceremony: &PasskeyCeremony,
        response: &str,
    ) -> Result<NewSession, Failure<SignInRefusal>> {
        let command = PasskeySignIn {
            issuer: self.slug.clone(),
            pending: ceremony.pending.clone(),
            response_json: response.to_owned(),
            browser: browser("192.0.2.1"),
            request_id: None,
        };
        sign_in_with_passkey(&self.authority, &command)
    }
}

#[test]
fn a_passkey_signs_in_by_two_factors_and_each_ceremony_counts_once() {
    let world = World::bare();
    world.human("ada");
    let keys = authenticator();
    let ada = world.behind(&world.came_in("ada")).unwrap();
    let added = begin_passkey_registration(&world.authority, &world.slug, &ada).unwrap();
    let made = keys.create(&added.options_json).unwrap();
    world.finish_adding(&ada, &added, &made).unwrap();
    assert_eq!(denial(world.finish_adding(&ada, &added, &made)), AccountDenial::Expired);
    let ceremony = world.begin();
    let response = keys.get(&ceremony.options_json);
    let session = world.finish(&ceremony, &response).unwrap();
    assert_eq!(session.session.authentication.level(), AssuranceLevel::TwoFactors);
    assert_eq!(world.behind(&session).unwrap().user.id, ada.user.id);
    assert_eq!(denial(world.finish(&ceremony, &response)), WRONG);
    // An answer to another question, or one that comes too late.
    let (one, other) = (world.begin(), world.begin());
    assert_eq!(denial(world.finish(&one, &keys.get(&other.options_json))), WRONG);
    let late = keys.get(&one.options_json);
    world.advance(600);
    assert_eq!(denial(world.finish(&one, &late)), WRONG);
    let passkeys = list_credentials(&world.authority, &ada).unwrap().passkeys;
    assert_eq!((passkeys.len(), passkeys[0].name.as_str()), (1, "laptop"));
    assert!(passkeys[0].last_used_at.is_some());
}

#[test]
fn a_passkey_of_who_may_not_sign_in_or_that_was_removed_is_none() {
    let world = World::bare();
    let user = world.human("ada");
    let keys = authenticator();
    let ada = world.behind(&world.came_in("ada")).unwrap();
    let id = world.add_passkey(&ada, &keys);
    let ceremony = world.begin();
    let response = keys.get(&ceremony.options_json);
    switch_user(&world.operator(), user.id, UserState::Disabled, None).unwrap();
    assert_eq!(denial(world.finish(&ceremony, &response)), WRONG);
    switch_user(&world.operator(), user.id, UserState::Active, None).unwrap();
    let again = world.came_in_with("ada", &browser_with(&world.came_in("ada")));
    let ada = world.behind(&again).unwrap();
    let ceremony = world.begin();
    let response = keys.get(&ceremony.options_json);
    remove_passkey(&world.authority, &ada, id, None).unwrap();
    assert_eq!(denial(world.finish(&ceremony, &response)), WRONG);
    assert_eq!(denial(remove_passkey(&world.authority, &ada, id, None)), AccountDenial::NotFound);
    for response in ["", "{}", "null", &"x".repeat(100_000)] {
        assert_eq!(denial(world.finish(&world.begin(), response)), WRONG);
    }
}

#[test]
fn passkeys_are_ones_own_and_changed_in_fresh_sessions_only() {
    let world = World::bare();
    world.human("ada");
    world.human("eve");
    let keys = authenticator();
    let ada = world.behind(&world.came_in("ada")).unwrap();
    let eve = world.behind(&world.came_in("eve")).unwrap();
    let id = world.add_passkey(&ada, &keys);
    assert_eq!(denial(remove_passkey(&world.authority, &eve, id, None)), AccountDenial::NotFound);
    let ceremony = begin_passkey_registration(&world.authority, &world.slug, &ada).unwrap();
    let made = authenticator().create(&ceremony.options_json).unwrap();
    assert_eq!(denial(world.finish_adding(&eve, &ceremony, &made)), AccountDenial::Expired);
    world.advance(600);
    let begun = begin_passkey_registration(&world.authority, &world.slug, &ada);
    assert_eq!(denial(begun), AccountDenial::NotFresh);
    assert_eq!(denial(world.finish_adding(&ada, &ceremony, &made)), AccountDenial::NotFresh);
    assert_eq!(denial(remove_passkey(&world.authority, &ada, id, None)), AccountDenial::NotFresh);
    assert_eq!(list_credentials(&world.authority, &ada).unwrap().passkeys.len(), 1);
}

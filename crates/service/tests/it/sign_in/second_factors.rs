//! Authenticator apps and recovery codes.

use turnkeep_domain::authentication::AssuranceLevel;
use turnkeep_policy::judge_password::PasswordDenial;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::failure::Failure;
use turnkeep_service::keys::reseal_keys::reseal_keys;
use turnkeep_service::sign_in::account_denial::AccountDenial;
use turnkeep_service::sign_in::browser::Browser;
use turnkeep_service::sign_in::change_password::{ChangePassword, change_password};
use turnkeep_service::sign_in::credentials::list_credentials;
use turnkeep_service::sign_in::pending_sign_in::PendingSignIn;
use turnkeep_service::sign_in::refusal::SignInRefusal;
use turnkeep_service::sign_in::second_factors::{
    TotpSetup, begin_totp_setup, confirm_totp, remove_totp, renew_recovery_codes,
};
use turnkeep_service::sign_in::session::{NewSession, SignedIn};
use turnkeep_service::sign_in::sign_in_with_password::PasswordOutcome;
use turnkeep_service::sign_in::sign_in_with_second_factor::{SecondFactorSignIn, sign_in_with_second_factor};

use super::sign_in_verbs::{PASSWORD, browser, secret};
use crate::world::{World, cheap_settings, denial};

impl World {
    #[track_caller]
    fn pending(&self, user_name: &str, password: &str) -> PendingSignIn {
        match self.try_password(user_name, password, &browser("192.0.2.1")).unwrap() {
            PasswordOutcome::SecondFactorNeeded(pending) => pending,
            PasswordOutcome::SignedIn(_) => panic!("no second factor is needed"),
        }
    }

    fn try_code(
        &self,
        pending: &PendingSignIn,
        code: &str,
        browser: &Browser,
    ) -> Result<NewSession, Failure<SignInRefusal>> {
        let command = SecondFactorSignIn {
            issuer: self.slug.clone(),
            pending: pending.clone(),
            code: secret(code),
            browser: browser.clone(),
            request_id: None,
        };
        sign_in_with_second_factor(&self.authority, &command)
    }
}

const WRONG: SignInRefusal = SignInRefusal::WrongCredentials;

#[test]
fn each_code_of_the_app_counts_once() {
    let world = World::bare();
    world.human("ada");
    let signed_in = world.behind(&world.came_in("ada")).unwrap();
    let (base32, _) = world.set_up_totp(&signed_in);
    let here = browser("192.0.2.1");
    let pending = world.pending("ada", PASSWORD);
    // The code that set it up is used up.
    assert_eq!(denial(world.try_code(&pending, &world.totp_code(&base32), &here)), WRONG);
    world.advance(30);
    let code = world.totp_code(&base32);
    let (first, second) = code.split_at(3);
    let session = world.try_code(&pending, &format!(" {first} {second}"), &here).unwrap();
    let authentication = &session.session.authentication;
    assert_eq!(authentication.methods_text(), "password totp");
    assert_eq!(authentication.level(), AssuranceLevel::TwoFactors);
    assert_eq!(denial(world.try_code(&pending, &code, &here)), WRONG);
    // One of an earlier step is no longer good, though it was never used.
    let earlier = world.totp_code(&base32);
    world.advance(30);
    assert!(world.try_code(&pending, &world.totp_code(&base32), &here).is_ok());
    assert_eq!(denial(world.try_code(&pending, &earlier, &here)), WRONG);
    // The first factor is good for ten minutes.
    world.advance(600);
    assert_eq!(denial(world.try_code(&pending, &world.totp_code(&base32), &here)), WRONG);
}

#[test]
fn recovery_codes_count_once_and_are_ten() {
    let world = World::bare();
    world.human("ada");
    let signed_in = world.behind(&world.came_in("ada")).unwrap();
    let (_, codes) = world.set_up_totp(&signed_in);
    assert_eq!(codes.len(), 10);
    let pending = world.pending("ada", PASSWORD);
    let here = browser("192.0.2.1");
    let session = world.try_code(&pending, &codes[3].expose().to_uppercase(), &here).unwrap();
    assert_eq!(session.session.authentication.methods_text(), "password recovery-code");
    assert_eq!(denial(world.try_code(&pending, codes[3].expose(), &here)), WRONG);
    assert_eq!(list_credentials(&world.authority, &signed_in).unwrap().recovery_codes_left, 9);
    let renewed = renew_recovery_codes(&world.authority, &signed_in, None).unwrap();
    assert_eq!(denial(world.try_code(&pending, codes[4].expose(), &here)), WRONG);
    assert!(world.try_code(&pending, renewed[0].expose(), &here).is_ok());
}

#[test]
fn codes_are_guessed_a_few_times_only() {
    let world = World::bare();
    world.human("ada");
    let signed_in = world.behind(&world.came_in("ada")).unwrap();
    let (base32, _) = world.set_up_totp(&signed_in);
    world.advance(60);
    let pending = world.pending("ada", PASSWORD);
    let right = world.totp_code(&base32);
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..10 {
        assert_eq!(denial(world.try_code(&pending, wrong, &browser("192.0.2.1"))), WRONG);
    }
    let refused = denial(world.try_code(&pending, &right, &browser("192.0.2.1")));
    assert!(matches!(refused, SignInRefusal::TooManyAttempts { .. }));
}

#[test]
fn codes_are_guessed_a_hundred_times_in_a_row_at_all_nodes_together() {
    let world = World::bare();
    world.human("ada");
    let signed_in = world.behind(&world.came_in("ada")).unwrap();
    let (base32, _) = world.set_up_totp(&signed_in);
    world.advance(60);
    let right = world.totp_code(&base32);
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for seed in [81, 82] {
        let node = world.restarted(&[1], cheap_settings(), seed);
        let pending = node.pending("ada", PASSWORD);
        for address in 0..50 {
            let from = browser(&format!("198.51.100.{address}"));
            assert_eq!(denial(node.try_code(&pending, wrong, &from)), WRONG);
        }
    }
    // That the password is right once more does not end the row.
    let third = world.restarted(&[1], cheap_settings(), 83);
    let pending = third.pending("ada", PASSWORD);
    assert_eq!(denial(third.try_code(&pending, &right, &browser("192.0.2.1"))), WRONG);
    // Whoever chooses a new password has shown who they are; the code is not used up.
    third.set_password("ada", PASSWORD);
    let pending = third.pending("ada", PASSWORD);
    assert!(third.try_code(&pending, &right, &browser("192.0.2.1")).is_ok());
}

#[test]
fn a_right_code_in_a_session_forgives_no_wrong_password() {
    let world = World::bare();
    world.human("ada");
    let signed_in = world.behind(&world.came_in("ada")).unwrap();
    let guess = || {
        let command = ChangePassword {
            issuer: world.slug.clone(),
            present: Some(secret("a wrong one")),
            new: secret("seven kettles whistle"),
            browser: browser("192.0.2.1"),
            request_id: None,
        };
        denial(change_password(&world.authority, &signed_in, &command))
    };
    for _ in 0..10 {
        assert_eq!(guess(), AccountDenial::SignIn(WRONG));
    }
    world.set_up_totp(&signed_in);
    assert!(matches!(guess(), AccountDenial::SignIn(SignInRefusal::TooManyAttempts { .. })));
}

#[test]
fn another_app_takes_the_place_of_the_first_with_the_password_only() {
    let world = World::bare();
    world.human("ada");
    let signed_in = world.behind(&world.came_in("ada")).unwrap();
    let begin = |password: Option<&str>| {
        let password = password.map(secret);
        begin_totp_setup(&world.authority, &world.slug, &signed_in, password.as_ref())
    };
    let confirm = |setup: &TotpSetup| {
        let code = secret(&world.totp_code(&setup.secret.expose().replace(' ', "")));
        confirm_totp(&world.authority, &world.slug, &signed_in, &setup.pending, &code, None)
    };
    let early = begin(None).unwrap();
    let (first, _) = world.set_up_totp(&signed_in);
    assert_eq!(denial(begin(None)), AccountDenial::PasswordNeeded);
    assert_eq!(denial(begin(Some("wrong"))), AccountDenial::SignIn(WRONG));
    // Nor is one enough that was begun before there was any.
    assert_eq!(denial(confirm(&early)), AccountDenial::Expired);
    world.advance(30);
    let here = browser("192.0.2.1");
    assert!(world.try_code(&world.pending("ada", PASSWORD), &world.totp_code(&first), &here).is_ok());
    confirm(&begin(Some(PASSWORD)).unwrap()).unwrap();
    world.advance(30);
    assert_eq!(
        denial(world.try_code(&world.pending("ada", PASSWORD), &world.totp_code(&first), &here)),
        WRONG
    );
}

#[test]
fn a_change_of_the_password_ends_a_sign_in_between_its_factors() {
    let world = World::bare();
    world.human("ada");
    let signed_in = world.behind(&world.came_in("ada")).unwrap();
    let (base32, _) = world.set_up_totp(&signed_in);
    world.advance(30);
    let pending = world.pending("ada", PASSWORD);
    world.set_password("ada", "tea-mug9");
    assert_eq!(denial(world.try_code(&pending, &world.totp_code(&base32), &browser("192.0.2.1"))), WRONG);
    world.advance(30);
    let pending = world.pending("ada", "tea-mug9");
    assert!(world.try_code(&pending, &world.totp_code(&base32), &browser("192.0.2.1")).is_ok());
}

#[test]
fn who_removes_the_app_needs_a_fresh_session_and_a_password_that_is_long_enough_alone() {
    let world = World::bare();
    world.human("ada");
    let signed_in = world.behind(&world.came_in("ada")).unwrap();
    let (base32, _) = world.set_up_totp(&signed_in);
    world.set_password("ada", "tea-mug9");
    world.advance(30);
    let session = world
        .try_code(&world.pending("ada", "tea-mug9"), &world.totp_code(&base32), &browser("192.0.2.1"))
        .unwrap();
    let fresh = world.behind(&session).unwrap();
    let remove = |password: Option<&str>| {
        let password = password.map(secret);
        remove_totp(&world.authority, &world.slug, &fresh, password.as_ref(), None)
    };
    assert_eq!(denial(remove(None)), AccountDenial::PasswordNeeded);
    assert_eq!(denial(remove(Some("wrong"))), AccountDenial::SignIn(WRONG));
    let short = AccountDenial::Password(PasswordDenial::TooShort { minimum: 15 });
    assert_eq!(denial(remove(Some("tea-mug9"))), short);
    world.set_password("ada", PASSWORD);
    world.advance(30);
    let session = world
        .try_code(&world.pending("ada", PASSWORD), &world.totp_code(&base32), &browser("192.0.2.1"))
        .unwrap();
    let fresh = world.behind(&session).unwrap();
    let remove = || remove_totp(&world.authority, &world.slug, &fresh, Some(&secret(PASSWORD)), None);
    world.advance(600);
    assert_eq!(denial(remove()), AccountDenial::NotFresh);
    assert_eq!(
        denial(begin_totp_setup(&world.authority, &world.slug, &fresh, None)),
        AccountDenial::NotFresh
    );
    assert_eq!(denial(renew_recovery_codes(&world.authority, &fresh, None)), AccountDenial::NotFresh);
    let session = world
        .try_code(&world.pending("ada", PASSWORD), &world.totp_code(&base32), &browser("192.0.2.1"))
        .unwrap();
    let fresh = world.behind(&session).unwrap();
    remove_totp(&world.authority, &world.slug, &fresh, Some(&secret(PASSWORD)), None).unwrap();
    let credentials = list_credentials(&world.authority, &fresh).unwrap();
    assert_eq!((credentials.totp_since, credentials.recovery_codes_left), (None, 0));
    world.came_in("ada");
}

#[test]
fn setting_up_takes_a_right_code_of_ones_own_within_a_quarter_of_an_hour() {
    let world = World::bare();
    world.human("ada");
    world.human("eve");
    let ada = world.behind(&world.came_in("ada")).unwrap();
    let eve = world.behind(&world.came_in("eve")).unwrap();
    let setup = begin_totp_setup(&world.authority, &world.slug, &ada, None).unwrap();
    assert!(setup.uri.expose().starts_with("otpauth://totp/") && setup.qr_svg.expose().starts_with("<svg"));
    let code = secret(&world.totp_code(&setup.secret.expose().replace(' ', "")));
    let confirm = |who: &SignedIn, code: &PlaintextSecret| {
        confirm_totp(&world.authority, &world.slug, who, &setup.pending, code, None)
    };
    assert_eq!(denial(confirm(&eve, &code)), AccountDenial::Expired);
    assert_eq!(denial(confirm(&ada, &secret("12345"))), AccountDenial::SignIn(WRONG));
    assert_eq!(list_credentials(&world.authority, &ada).unwrap().totp_since, None);
    confirm(&ada, &code).unwrap();
    assert!(list_credentials(&world.authority, &ada).unwrap().totp_since.is_some());
}

#[test]
fn secrets_of_apps_are_sealed_again_under_a_new_master_key() {
    let world = World::bare();
    world.human("ada");
    let signed_in = world.behind(&world.came_in("ada")).unwrap();
    let (base32, _) = world.set_up_totp(&signed_in);
    let both = world.restarted(&[2, 1], cheap_settings(), 7);
    let report = reseal_keys(&both.authority, turnkeep_domain::audit::Actor::CommandLine).unwrap();
    assert_eq!(report.totp_secrets, 1);
    assert_eq!(
        reseal_keys(&both.authority, turnkeep_domain::audit::Actor::CommandLine).unwrap().totp_secrets,
        0
    );
    let new = world.restarted(&[2], cheap_settings(), 8);
    new.advance(30);
    let pending = new.pending("ada", PASSWORD);
    assert!(new.try_code(&pending, &new.totp_code(&base32), &browser("192.0.2.1")).is_ok());
}

#[test]
fn a_setup_counts_once_also_after_the_app_was_removed() {
    let world = World::bare();
    world.human("ada");
    let signed_in = world.behind(&world.came_in("ada")).unwrap();
    let setup = begin_totp_setup(&world.authority, &world.slug, &signed_in, None).unwrap();
    let base32 = setup.secret.expose().replace(' ', "");
    let confirm = || {
        let code = secret(&world.totp_code(&base32));
        confirm_totp(&world.authority, &world.slug, &signed_in, &setup.pending, &code, None)
    };
    let codes = confirm().unwrap();
    world.advance(30);
    assert_eq!(denial(confirm()), AccountDenial::Expired);
    let pending = world.pending("ada", PASSWORD);
    let session = world.try_code(&pending, codes[0].expose(), &browser("192.0.2.1"));
    assert!(session.is_ok(), "the recovery codes are those that were shown");
    world.store.mutate(|writes| writes.delete_totp(world.instance_id, signed_in.user.id)).map(drop).unwrap();
    world.advance(30);
    assert_eq!(denial(confirm()), AccountDenial::Expired);
}

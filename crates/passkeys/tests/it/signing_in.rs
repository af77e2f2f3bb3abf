//! Sign-in without a user name.

use serde_json::Value;
use turnkeep_passkeys::denial::PasskeyDenial;
use turnkeep_passkeys::pending::PendingSignIn;
use turnkeep_passkeys::sign_in::{Identified, identify};
use turnkeep_testkit::soft_authenticator::SoftAuthenticator;

use crate::browser::{ADA, EVE, counting_browser, new_browser, party, register};

#[test]
fn options_name_no_passkey_and_want_the_person_verified() {
    let (options, _) = party().begin_sign_in().unwrap();
    let options: Value = serde_json::from_str(options.as_str()).unwrap();
    assert_eq!(options.pointer("/publicKey/rpId"), Some(&Value::from("id.example.com")));
    assert_eq!(options.pointer("/publicKey/userVerification"), Some(&Value::from("required")));
    assert_eq!(options.pointer("/publicKey/allowCredentials"), Some(&Value::Array(Vec::new())));
    assert_eq!(options.pointer("/mediation"), None);
}

#[test]
fn a_registered_passkey_signs_in() {
    let (party, browser) = (party(), new_browser());
    let stored = register(&party, &browser, ADA);
    let (options, pending) = party.begin_sign_in().unwrap();
    let response = browser.get(options.as_str());
    let credential_id = stored.credential_id().to_vec();
    assert_eq!(identify(&response), Ok(Identified { user_id: ADA, credential_id }));
    let pending = PendingSignIn::parse(&pending.to_text()).unwrap();
    let outcome = party.finish_sign_in(pending, &response, &stored).unwrap();
    assert!(outcome.updated.is_none(), "an authenticator that does not count changes nothing");
}

#[test]
fn a_counter_goes_up_and_never_back() {
    let (party, browser) = (party(), counting_browser());
    let first = register(&party, &browser, ADA);
    let clone = browser.cloned();
    let sign_in = |browser: &SoftAuthenticator, stored| {
        let (options, pending) = party.begin_sign_in().unwrap();
        party.finish_sign_in(pending, &browser.get(options.as_str()), stored)
    };
    let second = sign_in(&browser, &first).unwrap().updated.unwrap();
    let third = sign_in(&browser, &second).unwrap().updated.unwrap();
    // The copy has not been used, and is behind by now.
    assert_eq!(sign_in(&clone, &third).err(), Some(PasskeyDenial::ClonedAuthenticator));
    assert_eq!(sign_in(&clone, &third).err(), Some(PasskeyDenial::ClonedAuthenticator));
    assert!(sign_in(&browser, &third).unwrap().updated.is_some());
}

#[test]
fn a_passkey_signs_in_nobody_else() {
    let (party, ada, eve) = (party(), new_browser(), new_browser());
    let of_ada = register(&party, &ada, ADA);
    let of_eve = register(&party, &eve, EVE);
    let (options, pending) = party.begin_sign_in().unwrap();
    let response = eve.get(options.as_str());
    let text = pending.to_text();
    let finish = |response: &str, stored| {
        party.finish_sign_in(PendingSignIn::parse(&text).unwrap(), response, stored).err()
    };
    assert_eq!(finish(&response, &of_ada), Some(PasskeyDenial::OtherUser));
    let claims_ada = crate::browser::patched(&response, "/response/userHandle", |id| *id = ADA.to_vec());
    assert_eq!(identify(&claims_ada).unwrap().user_id, ADA);
    assert_eq!(finish(&claims_ada, &of_ada), Some(PasskeyDenial::UnknownCredential));
    assert_eq!(finish(&claims_ada, &of_eve), Some(PasskeyDenial::OtherUser));
    assert_eq!(finish(&response, &of_eve), None);
}

//! Registration, and what is stored of it.

use serde_json::Value;
use turnkeep_passkeys::pending::{PendingRegistration, PendingSignIn};
use turnkeep_passkeys::registration::{BeginError, MAX_PASSKEYS};
use turnkeep_passkeys::stored_passkey::StoredPasskey;

use crate::browser::{ADA, new_browser, party, register};

#[test]
fn options_ask_for_a_passkey_that_finds_its_user_and_verifies_them() {
    let (options, _) = party().begin_registration(ADA, "ada@example.com", "Ada", &[]).unwrap();
    let options: Value = serde_json::from_str(options.as_str()).unwrap();
    for (pointer, value) in [
        ("/publicKey/rp/id", Value::from("id.example.com")),
        ("/publicKey/rp/name", Value::from("Example")),
        ("/publicKey/user/id", Value::from("ra2tra2tra2tra2tra2trQ")),
        ("/publicKey/user/name", Value::from("ada@example.com")),
        ("/publicKey/user/displayName", Value::from("Ada")),
        ("/publicKey/authenticatorSelection/residentKey", Value::from("required")),
        ("/publicKey/authenticatorSelection/requireResidentKey", Value::from(true)),
        ("/publicKey/authenticatorSelection/userVerification", Value::from("required")),
        ("/publicKey/attestation", Value::from("none")),
    ] {
        assert_eq!(options.pointer(pointer), Some(&value), "{pointer}");
    }
}

#[test]
fn a_stored_passkey_survives_its_text() {
    let stored = register(&party(), &new_browser(), ADA);
    let again = StoredPasskey::parse(&stored.to_text()).unwrap();
    assert_eq!(again.to_text(), stored.to_text());
    assert_eq!(again.user_id(), ADA);
    assert_eq!(again.credential_id(), stored.credential_id());
    assert!(!stored.credential_id().is_empty());
    for text in
        ["", "{}", "null", &stored.to_text().replace("\"user\":\"ra2", "\"user\":\"ra"), "{\"user\":\"ra2\"}"]
    {
        assert!(StoredPasskey::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_begun_registration_survives_its_text_and_is_no_sign_in() {
    let (party, browser) = (party(), new_browser());
    let (options, pending) = party.begin_registration(ADA, "ada", "Ada", &[]).unwrap();
    let text = pending.to_text();
    let again = PendingRegistration::parse(&text).unwrap();
    assert_eq!((again.user_id(), again.challenge_hash()), (ADA, pending.challenge_hash()));
    assert!(PendingSignIn::parse(&text).is_err());
    let stored = party.finish_registration(again, &browser.create(options.as_str()).unwrap()).unwrap();
    assert_eq!(stored.user_id(), ADA);
}

#[test]
fn every_challenge_has_a_hash_of_its_own() {
    let party = party();
    let hashes: Vec<_> = (0..3).map(|_| party.begin_sign_in().unwrap().1.challenge_hash()).collect();
    assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2]);
}

#[test]
fn an_authenticator_with_a_passkey_of_the_user_does_not_make_a_second() {
    let (party, browser) = (party(), new_browser());
    let stored = register(&party, &browser, ADA);
    let (options, _) = party.begin_registration(ADA, "ada", "Ada", std::slice::from_ref(&stored)).unwrap();
    assert_eq!(browser.create(options.as_str()), None);
    assert!(new_browser().create(options.as_str()).is_some());
}

#[test]
fn a_person_has_a_bounded_number_of_passkeys() {
    let party = party();
    let stored = register(&party, &new_browser(), ADA);
    let mut existing = vec![stored; MAX_PASSKEYS - 1];
    assert!(party.begin_registration(ADA, "ada", "Ada", &existing).is_ok());
    existing.push(existing[0].clone());
    assert_eq!(party.begin_registration(ADA, "ada", "Ada", &existing).err(), Some(BeginError::TooMany));
}

#[test]
fn nothing_prints_what_it_holds() {
    let (party, browser) = (party(), new_browser());
    let stored = register(&party, &browser, ADA);
    let (_, registration) = party.begin_registration(ADA, "ada", "Ada", &[]).unwrap();
    let (_, sign_in) = party.begin_sign_in().unwrap();
    assert_eq!(
        format!("{stored:?} {registration:?} {sign_in:?}"),
        "StoredPasskey(…) PendingRegistration(…) PendingSignIn(…)"
    );
}

//! What is refused in every ceremony.

use serde_json::Value;
use turnkeep_passkeys::denial::PasskeyDenial;
use turnkeep_passkeys::pending::{PendingRegistration, PendingSignIn};
use turnkeep_passkeys::sign_in::{MAX_RESPONSE_BYTES, identify};
use turnkeep_testkit::soft_authenticator::SoftAuthenticator;

use crate::browser::{ADA, changed, new_browser, party, patched, register};

/// In the signed client data, without a new signature: what is checked before the signature.
fn with_client_data(response: &str, member: &str, value: Value) -> String {
    patched(response, "/response/clientDataJSON", |bytes| {
        let mut data: Value = serde_json::from_slice(bytes).unwrap();
        data[member] = value;
        *bytes = data.to_string().into_bytes();
    })
}

#[test]
fn a_response_counts_for_its_own_challenge_only() {
    let (party, browser) = (party(), new_browser());
    let stored = register(&party, &browser, ADA);
    let (options, _) = party.begin_sign_in().unwrap();
    let (_, other) = party.begin_sign_in().unwrap();
    assert_eq!(
        party.finish_sign_in(other, &browser.get(options.as_str()), &stored).err(),
        Some(PasskeyDenial::WrongChallenge)
    );
    let (options, _) = party.begin_registration(ADA, "ada", "Ada", &[]).unwrap();
    let (_, other) = party.begin_registration(ADA, "ada", "Ada", &[]).unwrap();
    assert_eq!(
        party.finish_registration(other, &browser.create(options.as_str()).unwrap()).err(),
        Some(PasskeyDenial::WrongChallenge)
    );
}

#[test]
fn pages_of_other_origins_get_nowhere() {
    let (party, browser) = (party(), new_browser());
    let stored = register(&party, &browser, ADA);
    for (origin, denial) in [
        ("https://id.example.com", None),
        ("https://id.example.com:8443", Some(PasskeyDenial::WrongOrigin)),
        ("https://evil.id.example.com", Some(PasskeyDenial::WrongOrigin)),
    ] {
        let (options, pending) = party.begin_sign_in().unwrap();
        let response = browser.moved_to(origin).get(options.as_str());
        assert_eq!(party.finish_sign_in(pending, &response, &stored).err(), denial, "{origin}");
        let (options, pending) = party.begin_registration(ADA, "ada", "Ada", &[]).unwrap();
        let response = SoftAuthenticator::at(origin).create(options.as_str()).unwrap();
        assert_eq!(party.finish_registration(pending, &response).err(), denial, "{origin}");
    }
}

#[test]
fn what_was_made_for_another_relying_party_gets_nowhere() {
    let (party, browser) = (party(), new_browser());
    let stored = register(&party, &browser, ADA);
    let (options, pending) = party.begin_sign_in().unwrap();
    let for_parent = changed(options.as_str(), "/publicKey/rpId", "example.com");
    assert_eq!(
        party.finish_sign_in(pending, &browser.get(&for_parent), &stored).err(),
        Some(PasskeyDenial::WrongRelyingParty)
    );
    let (options, pending) = party.begin_registration(ADA, "ada", "Ada", &[]).unwrap();
    let for_parent = changed(options.as_str(), "/publicKey/rp/id", "example.com");
    let response = new_browser().create(&for_parent).unwrap();
    assert_eq!(party.finish_registration(pending, &response).err(), Some(PasskeyDenial::WrongRelyingParty));
}

#[test]
fn a_person_who_was_not_verified_gets_nowhere() {
    let (party, mut browser) = (party(), new_browser());
    let stored = register(&party, &browser, ADA);
    browser.verifies = false;
    let (options, pending) = party.begin_sign_in().unwrap();
    let lax = changed(options.as_str(), "/publicKey/userVerification", "discouraged");
    assert_eq!(
        party.finish_sign_in(pending, &browser.get(&lax), &stored).err(),
        Some(PasskeyDenial::UserNotVerified)
    );
    let (options, pending) = party.begin_registration(ADA, "ada", "Ada", &[]).unwrap();
    let lax = changed(options.as_str(), "/publicKey/authenticatorSelection/userVerification", "discouraged");
    let response = browser.create(&lax).unwrap();
    assert_eq!(party.finish_registration(pending, &response).err(), Some(PasskeyDenial::UserNotVerified));
}

#[test]
fn a_response_that_was_changed_on_its_way_gets_nowhere() {
    let (party, browser) = (party(), new_browser());
    let stored = register(&party, &browser, ADA);
    let (options, pending) = party.begin_sign_in().unwrap();
    let (text, response) = (pending.to_text(), browser.get(options.as_str()));
    let flip_last = |bytes: &mut Vec<u8>| *bytes.last_mut().unwrap() ^= 1;
    for (response, denial) in [
        (patched(&response, "/response/signature", flip_last), PasskeyDenial::BadSignature),
        (patched(&response, "/response/authenticatorData", flip_last), PasskeyDenial::BadSignature),
        // Who was there is in bit 0 of the flags, after the hash of the relying party's id.
        (
            patched(&response, "/response/authenticatorData", |data| data[32] ^= 1),
            PasskeyDenial::UserNotPresent,
        ),
        (patched(&response, "/rawId", flip_last), PasskeyDenial::UnknownCredential),
        (with_client_data(&response, "crossOrigin", Value::from(true)), PasskeyDenial::CrossOrigin),
        (with_client_data(&response, "extra", Value::from(1)), PasskeyDenial::BadSignature),
        (with_client_data(&response, "type", Value::from("webauthn.create")), PasskeyDenial::Malformed),
    ] {
        let pending = PendingSignIn::parse(&text).unwrap();
        assert_eq!(party.finish_sign_in(pending, &response, &stored).err(), Some(denial), "{response}");
    }
    let pending = PendingSignIn::parse(&text).unwrap();
    assert_eq!(party.finish_sign_in(pending, &response, &stored).err(), None);
}

#[test]
fn a_response_of_one_ceremony_is_none_of_another() {
    let (party, browser) = (party(), new_browser());
    let stored = register(&party, &browser, ADA);
    let (options, sign_in) = party.begin_sign_in().unwrap();
    let proof = browser.get(options.as_str());
    let (options, registration) = party.begin_registration(ADA, "ada", "Ada", &[]).unwrap();
    let creation = browser.create(options.as_str()).unwrap();
    assert_eq!(party.finish_sign_in(sign_in, &creation, &stored).err(), Some(PasskeyDenial::Malformed));
    assert_eq!(party.finish_registration(registration, &proof).err(), Some(PasskeyDenial::Malformed));
    assert_eq!(identify(&creation), Err(PasskeyDenial::Malformed));
}

#[test]
fn responses_are_bounded_and_read_strictly() {
    let (party, browser) = (party(), new_browser());
    let stored = register(&party, &browser, ADA);
    let (options, pending) = party.begin_sign_in().unwrap();
    let (text, response) = (pending.to_text(), browser.get(options.as_str()));
    let (_, registration) = party.begin_registration(ADA, "ada", "Ada", &[]).unwrap();
    let registration_text = registration.to_text();
    let padded = |length: usize| format!("{response}{}", " ".repeat(length - response.len()));
    for (response, denial) in [
        (padded(MAX_RESPONSE_BYTES), None),
        (padded(MAX_RESPONSE_BYTES + 1), Some(PasskeyDenial::TooLarge)),
        (String::new(), Some(PasskeyDenial::Malformed)),
        ("[]".to_owned(), Some(PasskeyDenial::Malformed)),
        ("[".repeat(MAX_RESPONSE_BYTES), Some(PasskeyDenial::Malformed)),
    ] {
        let pending = PendingSignIn::parse(&text).unwrap();
        assert_eq!(party.finish_sign_in(pending, &response, &stored).err(), denial);
        assert_eq!(identify(&response).err(), denial);
        let pending = PendingRegistration::parse(&registration_text).unwrap();
        let denial = denial.or(Some(PasskeyDenial::Malformed));
        assert_eq!(party.finish_registration(pending, &response).err(), denial);
    }
}

#[test]
fn a_key_that_was_not_offered_and_cannot_be_checked_is_refused() {
    let (party, browser) = (party(), new_browser());
    let (options, pending) = party.begin_registration(ADA, "ada", "Ada", &[]).unwrap();
    let eddsa = serde_json::json!([{ "type": "public-key", "alg": -8 }]);
    let other = changed(options.as_str(), "/publicKey/pubKeyCredParams", eddsa);
    let response = browser.create(&other).unwrap();
    assert_eq!(party.finish_registration(pending, &response).err(), Some(PasskeyDenial::UnsupportedKey));
}

#[test]
fn a_passkey_that_is_registered_already_is_refused_whatever_the_browser_does() {
    let (party, browser) = (party(), new_browser());
    let (options, first) = party.begin_registration(ADA, "ada", "Ada", &[]).unwrap();
    let response = browser.create(options.as_str()).unwrap();
    let stored = party.finish_registration(first, &response).unwrap();
    // A browser that ignores the list could only answer with the same credential if it knew the challenge ahead.
    let (options, second) =
        party.begin_registration(ADA, "ada", "Ada", std::slice::from_ref(&stored)).unwrap();
    let challenge: Value = serde_json::from_str(options.as_str()).unwrap();
    let challenge = challenge.pointer("/publicKey/challenge").unwrap().clone();
    let again = with_client_data(&response, "challenge", challenge);
    assert_eq!(party.finish_registration(second, &again).err(), Some(PasskeyDenial::NotAsAsked));
}

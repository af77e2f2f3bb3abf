//! Passkeys after a password.

use serde_json::Value;
use turnkeep_passkeys::denial::PasskeyDenial;
use turnkeep_passkeys::pending::{PendingSecondFactor, PendingSignIn};
use turnkeep_passkeys::registration::{BeginError, MAX_PASSKEYS};

use crate::browser::{ADA, Browser, EVE, changed, party, patched, register};

#[test]
fn a_passkey_of_the_user_is_a_second_factor() {
    let (party, browser) = (party(), Browser::counting());
    let stored = [register(&party, &Browser::new(), ADA), register(&party, &browser, ADA)];
    let (options, pending) = party.begin_second_factor(ADA, &stored).unwrap();
    let named: Value = serde_json::from_str(options.as_str()).unwrap();
    assert_eq!(named.pointer("/publicKey/allowCredentials").unwrap().as_array().unwrap().len(), 2);
    let pending = PendingSecondFactor::parse(&pending.to_text()).unwrap();
    assert_eq!(pending.user_id(), ADA);
    let outcome = party.finish_second_factor(pending, &browser.prove(&options), &stored).unwrap();
    assert_eq!(outcome.credential_id, stored[1].credential_id());
    assert_eq!(outcome.updated.unwrap().credential_id(), stored[1].credential_id());
}

#[test]
fn an_authenticator_may_leave_the_user_out_but_not_name_another() {
    let (party, browser) = (party(), Browser::new());
    let stored = [register(&party, &browser, ADA)];
    let (options, pending) = party.begin_second_factor(ADA, &stored).unwrap();
    let (text, response) = (pending.to_text(), browser.prove(&options));
    let finish = |response: &str| {
        party.finish_second_factor(PendingSecondFactor::parse(&text).unwrap(), response, &stored).err()
    };
    assert_eq!(finish(&changed(&response, "/response/userHandle", Value::Null)), None);
    let names_eve = patched(&response, "/response/userHandle", |id| *id = EVE.to_vec());
    assert_eq!(finish(&names_eve), Some(PasskeyDenial::OtherUser));
}

#[test]
fn passkeys_of_others_and_removed_ones_do_not_count() {
    let (party, ada, eve) = (party(), Browser::new(), Browser::new());
    let of_ada = register(&party, &ada, ADA);
    let of_eve = register(&party, &eve, EVE);
    let (options, pending) = party.begin_second_factor(ADA, &[of_ada.clone(), of_eve.clone()]).unwrap();
    assert!(!options.as_str().contains(&data_encoding::BASE64URL_NOPAD.encode(of_eve.credential_id())));
    let text = pending.to_text();
    let finish = |response: &str, stored: &[_]| {
        party.finish_second_factor(PendingSecondFactor::parse(&text).unwrap(), response, stored).err()
    };
    let any = changed(options.as_str(), "/publicKey/allowCredentials", Value::Array(Vec::new()));
    let by_eve = eve.prove_as_told(&any);
    assert_eq!(finish(&by_eve, &[of_ada.clone(), of_eve.clone()]), Some(PasskeyDenial::OtherUser));
    assert_eq!(finish(&by_eve, std::slice::from_ref(&of_ada)), Some(PasskeyDenial::UnknownCredential));
    assert_eq!(finish(&ada.prove(&options), &[of_eve]), Some(PasskeyDenial::UnknownCredential));
    assert_eq!(finish(&ada.prove(&options), &[of_ada]), None);
}

#[test]
fn there_has_to_be_something_to_ask_for_and_not_too_much_of_it() {
    let party = party();
    let of_eve = register(&party, &Browser::new(), EVE);
    let begin = |stored: &[_]| party.begin_second_factor(ADA, stored).err();
    assert_eq!(begin(&[]), Some(BeginError::NoPasskey));
    assert_eq!(begin(std::slice::from_ref(&of_eve)), Some(BeginError::NoPasskey));
    assert_eq!(begin(&vec![of_eve; MAX_PASSKEYS + 1]), Some(BeginError::TooMany));
}

#[test]
fn a_second_factor_is_no_sign_in() {
    let party = party();
    let stored = [register(&party, &Browser::new(), ADA)];
    let (_, second) = party.begin_second_factor(ADA, &stored).unwrap();
    let (_, first) = party.begin_sign_in().unwrap();
    assert!(PendingSignIn::parse(&second.to_text()).is_err());
    assert!(PendingSecondFactor::parse(&first.to_text()).is_err());
}

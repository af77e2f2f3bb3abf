//! What is remembered, and what is checked all the same.

use serde_json::json;
use turnkeep_domain::resource::Audience;

use super::*;
use crate::sample_issuer::*;

const MIB: u64 = 1 << 20;

fn at(secs: i64) -> Timestamp {
    Timestamp::from_secs(secs)
}

#[test]
fn a_token_that_comes_again_is_the_same_token() {
    let issuer = SampleIssuer::new();
    let (verifier, keys) = (RememberingVerifier::new(issuer.verifier(), MIB), Arc::new(issuer.keys()));
    let text = issuer.token(HEADER, &claims().to_string());
    let first = verifier.verify(&keys, &text, at(NOW)).unwrap();
    let again = verifier.verify(&keys, &text, at(NOW + 1)).unwrap();
    assert!(Arc::ptr_eq(&first, &again));
    assert_eq!(verifier.len(), 1);
}

#[test]
fn time_is_checked_on_every_hit() {
    let issuer = SampleIssuer::new();
    let (verifier, keys) = (RememberingVerifier::new(issuer.verifier(), MIB), Arc::new(issuer.keys()));
    let text = issuer.token(HEADER, &claims().to_string());
    for (now, expected) in [
        (NOW, None),
        (NOW + 959, None),
        (NOW + 960, Some(TokenRejection::Expired)),
        (NOW, None),
        (NOW - 61, Some(TokenRejection::NotYetValid)),
    ] {
        assert_eq!(verifier.verify(&keys, &text, at(now)).err(), expected, "{}", now - NOW);
    }
}

#[test]
fn other_keys_mean_another_signature_check() {
    let issuer = SampleIssuer::new();
    let verifier = RememberingVerifier::new(issuer.verifier(), MIB);
    let text = issuer.token(HEADER, &claims().to_string());
    let first = verifier.verify(&Arc::new(issuer.keys()), &text, at(NOW)).unwrap();
    let again = verifier.verify(&Arc::new(issuer.keys()), &text, at(NOW)).unwrap();
    assert!(!Arc::ptr_eq(&first, &again));
    let withdrawn = Arc::new(KeySet::default());
    assert_eq!(verifier.verify(&withdrawn, &text, at(NOW)).err(), Some(TokenRejection::UnknownKey));
    let anothers_k1 = Arc::new(SampleIssuer::new().keys());
    assert_eq!(verifier.verify(&anothers_k1, &text, at(NOW)).err(), Some(TokenRejection::BadSignature));
}

#[test]
fn a_token_that_differs_in_one_character_is_another_one() {
    let issuer = SampleIssuer::new();
    let (verifier, keys) = (RememberingVerifier::new(issuer.verifier(), MIB), Arc::new(issuer.keys()));
    let text = issuer.token(HEADER, &claims().to_string());
    verifier.verify(&keys, &text, at(NOW)).unwrap();
    for index in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(verifier.verify(&keys, &changed, at(NOW)).is_err(), "character {index}");
    }
    assert_eq!(verifier.len(), 1, "what was refused is not remembered");
}

#[test]
fn another_audience_is_refused_on_a_hit_too() {
    let issuer = SampleIssuer::new();
    let token = issuer.verify(&issuer.token(HEADER, &claims().to_string()), at(NOW)).unwrap();
    let other = issuer.verifier().with_audience(Audience::parse("other").unwrap());
    assert_eq!(other.check_again(&token, at(NOW)), Err(TokenRejection::WrongAudience));
}

#[test]
fn memory_is_bounded() {
    let issuer = SampleIssuer::new();
    let keys = Arc::new(issuer.keys());
    for (bytes, least, most) in [(MIB, 100, 100), (100_000, 1, 19), (0, 0, 0)] {
        let verifier = RememberingVerifier::new(issuer.verifier(), bytes);
        for seq in 0..100 {
            let text = issuer.token(HEADER, &claims_with(&json!({"seq": seq})));
            verifier.verify(&keys, &text, at(NOW)).unwrap();
        }
        assert!((least..=most).contains(&verifier.len()), "{bytes} bytes: {} tokens", verifier.len());
    }
}

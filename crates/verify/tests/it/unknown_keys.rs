//! A key that nobody knows has the key set fetched again, but not for everyone who makes one up; and nothing that a
//! token names is ever asked.

use std::time::Duration;

use serde_json::json;
use turnkeep_verify::gate::settings::GateSettings;
use turnkeep_verify::refusal::AccessRefusal;
use turnkeep_verify::rejection::TokenRejection;

use crate::authority::Authority;
use crate::signing::{SigningKey, claims};

const UNKNOWN_KEY: Option<AccessRefusal> = Some(AccessRefusal::InvalidToken(TokenRejection::UnknownKey));

#[tokio::test]
async fn the_first_requests_wait_for_one_fetch() {
    let authority = Authority::start().await;
    let gate = authority.gate(GateSettings::default());
    let token = authority.token();
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (gate, token) = (gate.clone(), token.clone());
        requests.spawn(async move { gate.verify(&token).await });
    }
    assert!(requests.join_all().await.iter().all(Result::is_ok));
    assert_eq!(authority.asked().key_sets, 1);
}

#[tokio::test]
async fn made_up_keys_cause_no_flood() {
    let authority = Authority::start().await;
    let gate = authority.gate(GateSettings::default());
    assert!(gate.verify(&authority.token()).await.is_ok());
    for number in 2..102 {
        let token = SigningKey::new(number).sign("at+jwt", &claims(&authority.issuer));
        assert_eq!(gate.verify(&token).await.err(), UNKNOWN_KEY);
    }
    assert_eq!(authority.asked().key_sets, 1);
    assert!(gate.verify(&authority.token()).await.is_ok(), "others go on");
}

#[tokio::test]
async fn a_new_key_is_found_when_its_time_has_come() {
    let authority = Authority::start().await;
    let rotated = SigningKey::new(2);
    let token = rotated.sign("at+jwt", &claims(&authority.issuer));
    for (unknown_key_refresh, key_sets) in [(Duration::from_hours(1), 1), (Duration::ZERO, 2)] {
        authority.publish_keys(&[&authority.key]);
        let gate = authority.gate(GateSettings { unknown_key_refresh, ..GateSettings::default() });
        assert!(gate.verify(&authority.token()).await.is_ok());
        let before = authority.asked().key_sets;
        authority.publish_keys(&[&authority.key, &rotated]);
        let verified = gate.verify(&token).await;
        let fetched = authority.asked().key_sets - before;
        assert_eq!(fetched, key_sets - 1);
        assert_eq!(verified.err(), if fetched == 0 { UNKNOWN_KEY } else { None });
    }
}

#[tokio::test]
async fn a_withdrawn_key_verifies_nothing_not_even_what_it_verified_before() {
    let authority = Authority::start().await;
    let gate =
        authority.gate(GateSettings { key_refresh: Duration::from_millis(1), ..GateSettings::default() });
    assert!(gate.verify(&authority.token()).await.is_ok());
    authority.publish_keys(&[&SigningKey::new(2)]);
    let before = authority.asked().key_sets;
    // Two more: the second is asked for when the first has been taken.
    authority.until(|asked| before + 2 < asked.key_sets).await;
    assert_eq!(gate.verify(&authority.token()).await.err(), UNKNOWN_KEY);
}

#[tokio::test]
async fn what_a_token_names_is_never_asked() {
    let (authority, spy) = (Authority::start().await, Authority::start().await);
    let gate =
        authority.gate(GateSettings { unknown_key_refresh: Duration::ZERO, ..GateSettings::default() });
    let url = format!("{}/.well-known/jwks.json", spy.issuer);
    let kid = spy.key.public().kid().to_owned();
    for member in ["jku", "x5u", "jwk", "x5c", "crit"] {
        for kid in [kid.as_str(), url.as_str(), "../../etc/passwd"] {
            let mut header = json!({"alg": "ES256", "typ": "at+jwt", "kid": kid});
            header[member] = json!(url);
            let token = spy.key.sign_with_header(&header, &claims(&authority.issuer));
            let refused = gate.verify(&token).await.err();
            assert_eq!(refused, Some(AccessRefusal::InvalidToken(TokenRejection::ForbiddenHeader)));
        }
    }
    let of_the_spy = spy.key.sign("at+jwt", &claims(&spy.issuer));
    let refused = gate.verify(&of_the_spy).await.err();
    assert_eq!(refused, Some(AccessRefusal::InvalidToken(TokenRejection::BadSignature)), "the same kid");
    assert_eq!(spy.asked().connections, 0);
}

#[tokio::test]
async fn documents_of_other_kinds_are_no_access_tokens() {
    let authority = Authority::start().await;
    let gate = authority.gate(GateSettings::default());
    let claims = claims(&authority.issuer);
    for typ in
        ["JWT", "logout+jwt", "dpop+jwt", "secevent+jwt", "kill-marks+jwt", "token-introspection+jwt", ""]
    {
        let refused = gate.verify(&authority.key.sign(typ, &claims)).await.err();
        assert_eq!(refused, Some(AccessRefusal::InvalidToken(TokenRejection::WrongType)), "{typ}");
    }
}

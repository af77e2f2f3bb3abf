//! Reference tokens at the gate: asked about at their issuer, remembered for a moment, never let through without a word.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use turnkeep_domain::resource::Audience;
use turnkeep_verify::access_token::VerifiedAccessToken;
use turnkeep_verify::gate::settings::GateSettings;
use turnkeep_verify::gate::{GateError, TokenGate};
use turnkeep_verify::refusal::AccessRefusal;
use turnkeep_verify::rejection::TokenRejection;

use crate::authority::{Authority, Mood, start_gate};
use crate::signing::{APP, NOW};

pub(crate) fn pat() -> String {
    format!("tkpat_{}", "0".repeat(59))
}

pub(crate) fn active(authority: &Authority) -> Value {
    json!({
        "active": true, "iss": authority.issuer, "sub": "usr_00000000000000000000000009", "aud": "TrueParser.API",
        "client_id": "app", "scope": "read", "iat": NOW - 10, "nbf": NOW - 10, "exp": NOW + 1000,
        "jti": "rtk_00000000000000000000000001", "tenant_id": "ten_00000000000000000000000002", "app_id": APP,
        "seq": 7
    })
}

fn with(mut answer: Value, member: &str, value: Value) -> Value {
    answer.as_object_mut().unwrap().insert(member.to_owned(), value);
    answer
}

fn asking(authority: &Authority) -> TokenGate {
    let pinned = authority.pinned().with_introspection("com.vendor/api", "s:e c").unwrap();
    start_gate([pinned], GateSettings::default())
}

fn says(authority: &Authority, answer: &Value) {
    authority.publish(|published| published.introspection = answer.to_string());
}

async fn told(gate: &TokenGate, token: &str) -> Result<Arc<VerifiedAccessToken>, AccessRefusal> {
    gate.verify(token).await
}

#[tokio::test]
async fn the_issuer_says_what_a_reference_token_is_good_for() {
    let authority = Authority::start().await;
    says(&authority, &active(&authority));
    let token = told(&asking(&authority), &pat()).await.unwrap();
    assert!(token.is_reference_token());
    assert_eq!(token.subject, "usr_00000000000000000000000009");
    assert_eq!(token.scopes.to_string(), "read");
    // `com.vendor%2Fapi:s%3Ae+c` (RFC 6749 §2.3.1). Heads are put down in lower case.
    let asked = authority.asked().last_introspection;
    assert!(asked.contains("authorization: basic y29tlnzlbmrvciuyrmfwatpzjtnbzstj\r\n"), "{asked}");
    assert!(asked.ends_with(&format!("\r\n\r\ntoken={}", pat())), "{asked}");
}

#[tokio::test]
async fn without_credentials_for_it_nobody_is_asked() {
    let authority = Authority::start().await;
    says(&authority, &active(&authority));
    let refused = told(&authority.gate(GateSettings::default()), &pat()).await;
    assert_eq!(refused.err(), Some(AccessRefusal::InvalidToken(TokenRejection::Malformed)));
    assert_eq!(authority.asked().introspections, 0);
}

#[tokio::test]
async fn what_does_not_count_here_is_refused() {
    for (change, refusal) in [
        (("active", json!(false)), AccessRefusal::Killed),
        (("aud", json!("Other.API")), TokenRejection::WrongAudience.into()),
        (("exp", json!(NOW)), TokenRejection::Expired.into()),
    ] {
        let authority = Authority::start().await;
        says(&authority, &with(active(&authority), change.0, change.1));
        assert_eq!(told(&asking(&authority), &pat()).await.err(), Some(refusal));
    }
}

#[tokio::test]
async fn an_answer_stands_for_a_second_and_a_kill_mark_ends_it_before() {
    let authority = Authority::start().await;
    says(&authority, &active(&authority));
    let gate = asking(&authority);
    assert!(told(&gate, &pat()).await.is_ok());
    assert!(told(&gate, &pat()).await.is_ok());
    assert_eq!(authority.asked().introspections, 1);
    authority.publish_marks(9, &json!([{"app_id": APP, "dead_below": 9}]));
    let begun = Instant::now();
    while told(&gate, &pat()).await.is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(10), "the mark did not count");
        tokio::task::yield_now().await;
    }
    assert_eq!(told(&gate, &pat()).await.err(), Some(AccessRefusal::Killed));
}

#[tokio::test]
async fn what_was_revoked_is_refused_after_a_second() {
    let authority = Authority::start().await;
    says(&authority, &active(&authority));
    let gate = asking(&authority);
    assert!(told(&gate, &pat()).await.is_ok());
    says(&authority, &json!({"active": false}));
    let begun = Instant::now();
    while told(&gate, &pat()).await.is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(10), "remembered for much longer than a second");
        tokio::task::yield_now().await;
    }
    assert_eq!(authority.asked().introspections, 2);
}

#[tokio::test]
async fn requests_at_once_ask_once() {
    let authority = Authority::start().await;
    authority.publish(|published| published.introspection_mood = Mood::Silent);
    let gate = asking(&authority);
    let token = pat();
    // Without an answer all of them are refused together: none of them waits for a question of its own.
    let told = tokio::join!(told(&gate, &token), told(&gate, &token), told(&gate, &token));
    for refused in [told.0, told.1, told.2] {
        let refusal = refused.err().unwrap();
        assert_eq!(refusal.status(), 503, "{refusal:?}");
    }
    assert_eq!(authority.asked().introspections, 1);
}

#[tokio::test]
async fn no_answer_lets_nobody_through() {
    for mood in [
        Mood::Closing,
        Mood::Endlessly,
        Mood::Saying("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n".to_owned()),
        Mood::Saying("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n".to_owned()),
        Mood::Saying("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n".to_owned()),
        Mood::Saying("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"active\":true}".to_owned()),
        Mood::Saying("nonsense".to_owned()),
    ] {
        let authority = Authority::start().await;
        authority.publish(|published| published.introspection_mood = mood.clone());
        let refusal = told(&asking(&authority), &pat()).await.err();
        let unavailable = AccessRefusal::IntrospectionUnavailable { retry_after_seconds: 2 };
        assert_eq!(refusal, Some(unavailable));
    }
}

#[tokio::test]
async fn retry_after_is_honoured_for_every_token() {
    let authority = Authority::start().await;
    let busy = "HTTP/1.1 429 Too Many\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n".to_owned();
    authority.publish(|published| published.introspection_mood = Mood::Saying(busy));
    let gate = asking(&authority);
    for token in [pat(), pat().replace('0', "1"), pat().replace("tkpat", "tksat")] {
        let refusal = told(&gate, &token).await.err().unwrap();
        let seconds = refusal.retry_after_seconds().unwrap();
        assert!((25..=30).contains(&seconds), "{seconds}");
    }
    assert_eq!(authority.asked().introspections, 1);
}

#[tokio::test]
async fn a_token_is_shown_to_one_issuer_only() {
    let (one, other) = (Authority::start().await, Authority::start().await);
    let asked = |authority: &Authority| authority.pinned().with_introspection("api", "secret").unwrap();
    let audience = Audience::parse("TrueParser.API").unwrap();
    let both = TokenGate::start(audience, [asked(&one), asked(&other)], GateSettings::default());
    assert_eq!(both.err(), Some(GateError::SeveralIntrospections));
    says(&other, &active(&other));
    let gate = start_gate([one.pinned(), asked(&other)], GateSettings::default());
    assert!(told(&gate, &pat()).await.is_ok());
    assert_eq!(one.asked().introspections, 0);
}

//! Feeds that are taken, feeds that are not, and who is dead by them.

use serde_json::{Value, json};
use turnkeep_domain::time::Timestamp;

use super::*;
use crate::sample_issuer::*;

const USER: &str = "usr_00000000000000000000000001";
const GRANT: &str = "grt_00000000000000000000000006";
const SESSION: &str = "ses_00000000000000000000000007";

const FEED_HEADER: &str = r#"{"alg":"ES256","typ":"kill-marks+jwt","kid":"k1"}"#;

fn feed(seq: i64, marks: &Value) -> Value {
    json!({"iss": ISSUER, "iat": NOW, "seq": seq, "marks": marks, "revoked": []})
}

fn read(issuer: &SampleIssuer, header: &str, payload: &str) -> Result<KillMarks, KillMarksError> {
    let feed = issuer.token(header, payload);
    KillMarks::verify(ISSUER, &SigningAlgorithm::ALL, &issuer.keys(), &feed)
}

fn marks(seq: i64, marks: &Value) -> KillMarks {
    read(&SampleIssuer::new(), FEED_HEADER, &feed(seq, marks).to_string()).unwrap()
}

/// A token with sequence 7.
fn token(changes: &Value) -> VerifiedAccessToken {
    let issuer = SampleIssuer::new();
    issuer.verify(&issuer.token(HEADER, &claims_with(changes)), Timestamp::from_secs(NOW)).unwrap()
}

#[test]
fn a_token_below_a_mark_of_its_own_is_dead() {
    let (tenant, app) = ("ten_00000000000000000000000002", "app_00000000000000000000000003");
    let secret = "sec_00000000000000000000000004";
    let with_secret = token(&json!({"secret_id": secret}));
    for (marks_given, expected) in [
        (json!([]), false),
        (json!([{"dead_below": 7}]), false),
        (json!([{"dead_below": 8}]), true),
        (json!([{"tenant_id": tenant, "dead_below": 7}]), false),
        (json!([{"tenant_id": tenant, "dead_below": 8}]), true),
        (json!([{"app_id": app, "dead_below": 7}]), false),
        (json!([{"app_id": app, "dead_below": 8}]), true),
        (json!([{"app_id": app, "dead_below": 8}, {"app_id": app, "dead_below": 2}]), true),
        (json!([{"secret_id": secret, "dead_below": 8}]), true),
        (json!([{"secret_id": "sec_00000000000000000000000005", "dead_below": 8}]), false),
        (json!([{"tenant_id": "ten_00000000000000000000000003", "dead_below": 8}]), false),
        (json!([{"app_id": "app_00000000000000000000000002", "dead_below": 8}]), false),
    ] {
        assert_eq!(marks(9, &marks_given).is_dead(&with_secret), expected, "{marks_given}");
    }
    let by_secret = marks(9, &json!([{"secret_id": secret, "dead_below": 8}]));
    assert!(!by_secret.is_dead(&token(&json!({}))), "no secret obtained it");
}

/// A token with sequence 7 of a person.
fn token_of_person() -> VerifiedAccessToken {
    token(&json!({
        "sub": USER,
        "user_kind": "community",
        "grant_id": GRANT,
        "sid": SESSION,
        "auth_time": NOW,
        "acr": "urn:turnkeep:acr:1",
    }))
}

#[test]
fn a_token_of_a_person_dies_with_the_person_and_with_what_they_granted() {
    let user = USER;
    let other = "usr_00000000000000000000000002";
    let as_system_user = token(&json!({"sub": user}));
    for (people, of_person, of_service) in [
        (json!([]), false, false),
        (json!([{"user_id": user, "dead_below": 7}]), false, false),
        (json!([{"user_id": user, "dead_below": 8}]), true, true),
        (json!([{"user_id": other, "dead_below": 8}]), false, false),
        (json!([{"grant_id": GRANT, "dead_below": 7}]), false, false),
        (json!([{"grant_id": GRANT, "dead_below": 8}]), true, false),
        (json!([{"grant_id": GRANT, "dead_below": 8}, {"grant_id": GRANT, "dead_below": 2}]), true, false),
    ] {
        let mut payload = feed(9, &json!([]));
        payload["people"] = people.clone();
        let held = read(&SampleIssuer::new(), FEED_HEADER, &payload.to_string()).unwrap();
        assert_eq!(held.is_dead(&token_of_person()), of_person, "{people}");
        assert_eq!(held.is_dead(&as_system_user), of_service, "{people}");
        assert!(!held.is_dead(&token(&json!({}))), "{people}");
    }
}

#[test]
fn a_token_that_was_revoked_itself_is_dead() {
    let mut payload = feed(9, &json!([]));
    payload["revoked"] = json!([
        {"jti": "tok_00000000000000000000000009", "exp": NOW},
        {"jti": "tok_00000000000000000000000001", "exp": NOW},
    ]);
    let held = read(&SampleIssuer::new(), FEED_HEADER, &payload.to_string()).unwrap();
    assert!(held.is_dead(&token(&json!({}))));
    assert!(!held.is_dead(&token(&json!({"jti": "tok_00000000000000000000000002"}))));
}

#[test]
fn only_the_issuers_own_feed_is_taken() {
    use TokenRejection::*;
    let issuer = SampleIssuer::new();
    let good = feed(9, &json!([])).to_string();
    let header = |members: &str| format!(r#"{{"alg":"ES256","kid":"k1",{members}}}"#);
    for (header, expected) in [
        (header(r#""typ":"application/KILL-MARKS+jwt""#), None),
        (HEADER.to_owned(), Some(WrongType)),
        (header(r#""typ":"JWT""#), Some(WrongType)),
        (header(r#""x":1"#), Some(WrongType)),
        (FEED_HEADER.replace("ES256", "none"), Some(AlgorithmNotAllowed)),
        (FEED_HEADER.replace("ES256", "HS256"), Some(AlgorithmNotAllowed)),
        (FEED_HEADER.replace("ES256", "EdDSA"), Some(KeyAlgorithmMismatch)),
        (FEED_HEADER.replace("k1", "k2"), Some(UnknownKey)),
        (header(r#""typ":"kill-marks+jwt","jku":"http://169.254.169.254/""#), Some(ForbiddenHeader)),
    ] {
        let found = read(&issuer, &header, &good).err();
        assert_eq!(found, expected.map(KillMarksError::Jws), "{header}");
    }
    let forged = SampleIssuer::new().token(FEED_HEADER, &good);
    let found = KillMarks::verify(ISSUER, &SigningAlgorithm::ALL, &issuer.keys(), &forged).err();
    assert_eq!(found, Some(KillMarksError::Jws(BadSignature)));
    let narrow = KillMarks::verify(ISSUER, &[SigningAlgorithm::EdDsa], &issuer.keys(), &forged).err();
    assert_eq!(narrow, Some(KillMarksError::Jws(AlgorithmNotAllowed)));
}

#[test]
fn a_feed_that_is_not_understood_is_not_half_obeyed() {
    let issuer = SampleIssuer::new();
    let with = |name: &str, value: Value| {
        let mut payload = feed(9, &json!([]));
        payload[name] = value;
        payload.to_string()
    };
    let (tenant, app) = ("ten_00000000000000000000000002", "app_00000000000000000000000003");
    for (payload, expected) in [
        (with("iss", json!("https://id.example.com/i/other")), KillMarksError::WrongIssuer),
        (with("iss", json!(format!("{ISSUER}/"))), KillMarksError::WrongIssuer),
        (with("iss", Value::Null), KillMarksError::Malformed),
        (with("seq", json!("9")), KillMarksError::Malformed),
        (with("marks", Value::Null), KillMarksError::Malformed),
        (
            with("marks", json!([{"tenant_id": tenant, "app_id": app, "dead_below": 8}])),
            KillMarksError::Malformed,
        ),
        (with("marks", json!([{"user_id": "usr_1", "dead_below": 8}])), KillMarksError::Malformed),
        (with("marks", json!([{"app_id": tenant, "dead_below": 8}])), KillMarksError::Malformed),
        (with("marks", json!([{"app_id": app}])), KillMarksError::Malformed),
        (with("people", json!([{"dead_below": 8}])), KillMarksError::Malformed),
        (with("people", json!([{"user_id": app, "dead_below": 8}])), KillMarksError::Malformed),
        (with("people", json!([{"session_id": SESSION, "dead_below": 8}])), KillMarksError::Malformed),
        (
            with("people", json!([{"user_id": USER, "grant_id": GRANT, "dead_below": 8}])),
            KillMarksError::Malformed,
        ),
        (with("revoked", json!([{"jti": app, "exp": NOW}])), KillMarksError::Malformed),
        ("[]".to_owned(), KillMarksError::Malformed),
        (String::new(), KillMarksError::Malformed),
    ] {
        assert_eq!(read(&issuer, FEED_HEADER, &payload).err(), Some(expected), "{payload}");
    }
    let endless = "x".repeat(MAX_KILL_MARKS_BYTES + 1);
    let found = KillMarks::verify(ISSUER, &SigningAlgorithm::ALL, &issuer.keys(), &endless).err();
    assert_eq!(found, Some(KillMarksError::TooLong));
}

#[test]
fn what_is_held_never_goes_back() {
    let held = marks(9, &json!([{"dead_below": 8}]));
    for (newer, expected) in
        [(8, Err(KillMarksError::WentBack)), (9, Ok(ChangeSequence::ZERO)), (10, Ok(ChangeSequence::ZERO))]
    {
        let replaced = held.replaced_by(marks(newer, &json!([])));
        assert_eq!(replaced.map(|marks| marks.instance_mark()), expected, "{newer}");
    }
}

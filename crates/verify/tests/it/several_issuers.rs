//! Several pinned issuers: each verifies its own tokens and kills its own, and what a token says of its issuer only
//! chooses among them.

use serde_json::json;
use tokio::runtime::Runtime;
use turnkeep_domain::resource::Audience;
use turnkeep_verify::gate::pinned_issuer::PinnedIssuer;
use turnkeep_verify::gate::settings::GateSettings;
use turnkeep_verify::gate::{GateError, TokenGate};
use turnkeep_verify::refusal::AccessRefusal;
use turnkeep_verify::rejection::TokenRejection;

use crate::authority::{Authority, start_gate};
use crate::signing::{APP, claims};

#[tokio::test]
async fn each_issuer_speaks_for_itself_only() {
    let (one, two, stranger) = (Authority::start().await, Authority::start().await, Authority::start().await);
    two.publish_marks(8, &json!([{"app_id": APP, "dead_below": 8}]));
    let gate = start_gate([one.pinned(), two.pinned()], GateSettings::default());
    let invalid = |rejection| Some(AccessRefusal::InvalidToken(rejection));
    for (name, token, expected) in [
        ("of the first", one.token(), None),
        ("of the second, which has killed it", two.token(), Some(AccessRefusal::Killed)),
        (
            "in the name of the second with a key of the first",
            one.key.sign("at+jwt", &claims(&two.issuer)),
            invalid(TokenRejection::BadSignature),
        ),
        ("of an issuer that is not pinned", stranger.token(), invalid(TokenRejection::WrongIssuer)),
        ("of no issuer", one.key.sign("at+jwt", &json!({})), invalid(TokenRejection::MalformedClaims)),
        ("too long", "x".repeat(20_000), invalid(TokenRejection::TooLong)),
        ("no token", "a.b".to_owned(), invalid(TokenRejection::Malformed)),
    ] {
        assert_eq!(gate.verify(&token).await.err(), expected, "{name}");
    }
    assert_eq!(stranger.asked().connections, 0);
}

#[test]
fn a_gate_needs_a_runtime_and_different_issuers() {
    let pinned = || PinnedIssuer::parse("https://id.example.com").unwrap();
    let start = |pinned: Vec<PinnedIssuer>| {
        let audience = Audience::parse("TrueParser.API").unwrap();
        TokenGate::start(audience, pinned, GateSettings::default()).err()
    };
    assert_eq!(start(vec![pinned()]), Some(GateError::NoRuntime));
    let runtime = Runtime::new().unwrap();
    let _inside = runtime.enter();
    assert_eq!(start(vec![]), Some(GateError::NoIssuer));
    assert_eq!(start(vec![pinned(), pinned()]), Some(GateError::RepeatedIssuer));
}

//! What an issuer answers about a reference token (RFC 7662 §2.2), read into the claims of an access token.

use serde::Deserialize;
use turnkeep_domain::id::{ReferenceTokenId, TokenId};

use crate::access_token::VerifiedAccessToken;
use crate::raw_claims::RawClaims;

/// What an issuer says of a token.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    /// It counts.
    Active(Box<VerifiedAccessToken>),
    /// It does not, or not for the caller to know of.
    Inactive,
}

#[derive(Deserialize)]
struct Answer {
    active: bool,
}

/// `None` for an answer that cannot be understood, and for one of another issuer.
pub(crate) fn read(answer: &[u8], issuer: &str) -> Option<Said> {
    let Answer { active } = serde_json::from_slice(answer).ok()?;
    if !active {
        return Some(Said::Inactive);
    }
    let claims: RawClaims<'_> = serde_json::from_slice(answer).ok()?;
    if claims.issuer() != issuer {
        return None;
    }
    claims.read(token_id).map(|token| Said::Active(Box::new(token)))
}

/// That of the record, with another prefix.
fn token_id(jti: &str) -> Option<TokenId> {
    jti.parse().ok().map(|record: ReferenceTokenId| TokenId::from_bytes(*record.as_bytes()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "https://id.example.com";

    fn active() -> Value {
        json!({
            "active": true, "iss": ISSUER, "sub": "usr_00000000000000000000000009", "aud": "TrueParser.API",
            "client_id": "app", "token_type": "Bearer", "scope": "read", "iat": 1000, "nbf": 1000, "exp": 2000,
            "jti": "rtk_00000000000000000000000001", "tenant_id": "ten_00000000000000000000000002",
            "app_id": "app_00000000000000000000000003", "allowed_domain_2": "myapp.com",
            "limits": {"plan": "pro", "document_units": {"hour": 5}}, "seq": 7, "of_a_later_version": [1]
        })
    }

    fn without(member: &str) -> Value {
        let mut answer = active();
        answer.as_object_mut().unwrap().remove(member);
        answer
    }

    fn with(member: &str, value: Value) -> Value {
        let mut answer = active();
        answer.as_object_mut().unwrap().insert(member.to_owned(), value);
        answer
    }

    #[test]
    fn an_active_reference_token_has_the_claims_of_an_access_token() {
        let said = read(active().to_string().as_bytes(), ISSUER);
        let Some(Said::Active(token)) = said else { panic!("{said:?}") };
        assert!(token.is_reference_token());
        assert_eq!(token.subject, "usr_00000000000000000000000009");
        assert_eq!((token.scopes.to_string().as_str(), token.sequence.as_number()), ("read", 7));
        assert_eq!(token.token_id.to_string(), "tok_00000000000000000000000001");
        assert_eq!(token.plan_limits().unwrap().unwrap().allowed.document_units.hour(), Some(5));
        assert!(token.allowed_domains.slots()[0].is_none() && token.allowed_domains.slots()[1].is_some());
    }

    #[test]
    fn whatever_is_not_such_an_answer_is_no_answer() {
        assert_eq!(read(br#"{"active":false}"#, ISSUER), Some(Said::Inactive));
        for answer in [
            json!({}),
            json!([]),
            json!({"active": "true"}),
            json!({"active": true}),
            without("aud"),
            without("exp"),
            without("app_id"),
            with("iss", json!("https://other.example.com")),
            with("jti", json!("tok_00000000000000000000000001")),
            with("limits", json!("none")),
            with("allowed_domain_1", json!("not a domain")),
            with("exp", json!("tomorrow")),
        ] {
            assert_eq!(read(answer.to_string().as_bytes(), ISSUER), None, "{answer}");
        }
        assert_eq!(read(b"<html>", ISSUER), None);
    }
}

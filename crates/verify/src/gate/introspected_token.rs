//! What an issuer answers about a reference token (RFC 7662 §2.2), read into the claims of an access token.

use serde::Deserialize;
use serde_json::value::RawValue;
use turnkeep_domain::allowed_domain::{AllowedDomain, AllowedDomains};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{ReferenceTokenId, TokenId};
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;

use crate::access_token::VerifiedAccessToken;
use crate::limits::LimitsClaim;

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

#[derive(Deserialize)]
struct ActiveAnswer {
    iss: String,
    sub: String,
    aud: String,
    client_id: String,
    #[serde(default)]
    scope: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    tenant_id: String,
    app_id: String,
    license_region: Option<String>,
    db_code: Option<String>,
    allowed_domain_1: Option<String>,
    allowed_domain_2: Option<String>,
    allowed_domain_3: Option<String>,
    limits: Option<Box<RawValue>>,
    entitlements: Option<Box<RawValue>>,
    seq: i64,
}

/// `None` for an answer that cannot be understood, and for one of another issuer.
pub(crate) fn read(answer: &[u8], issuer: &str) -> Option<Said> {
    let Answer { active } = serde_json::from_slice(answer).ok()?;
    if !active {
        return Some(Said::Inactive);
    }
    let claims: ActiveAnswer = serde_json::from_slice(answer).ok()?;
    if claims.iss != issuer {
        return None;
    }
    claims.typed().map(|token| Said::Active(Box::new(token)))
}

impl ActiveAnswer {
    fn typed(self) -> Option<VerifiedAccessToken> {
        let record: ReferenceTokenId = self.jti.parse().ok()?;
        let domain = |slot: Option<String>| slot.map(|text| AllowedDomain::parse(&text)).transpose().ok();
        let domains =
            [domain(self.allowed_domain_1)?, domain(self.allowed_domain_2)?, domain(self.allowed_domain_3)?];
        let limits =
            |claim: Option<Box<RawValue>>| claim.map(|claim| LimitsClaim::from_json(&claim)).transpose().ok();
        Some(VerifiedAccessToken {
            key_id: String::new(),
            subject: self.sub,
            audience: Audience::parse(&self.aud).ok()?,
            client_id: ClientId::parse(&self.client_id).ok()?,
            scopes: ScopeSet::parse(&self.scope).ok()?,
            issued_at: Timestamp::from_secs(self.iat),
            not_before: Timestamp::from_secs(self.nbf),
            expires_at: Timestamp::from_secs(self.exp),
            token_id: TokenId::from_bytes(*record.as_bytes()),
            tenant_id: self.tenant_id.parse().ok()?,
            app_id: self.app_id.parse().ok()?,
            person: None,
            secret_id: None,
            license_region: self.license_region.map(|code| Slug::parse(&code)).transpose().ok()?,
            db_code: self.db_code.map(|code| DbCode::parse(&code)).transpose().ok()?,
            allowed_domains: AllowedDomains::new(domains).ok()?,
            limits: limits(self.limits)?,
            entitlements: limits(self.entitlements)?,
            sequence: ChangeSequence::from_number(self.seq),
        })
    }
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

//! The claims as they are written, before they are believed.

use serde::Deserialize;
use serde_json::Value;
use turnkeep_domain::allowed_domain::{AllowedDomain, AllowedDomainError, AllowedDomains};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;

use crate::access_token::VerifiedAccessToken;
use crate::rejection::TokenRejection;
use crate::strict_json::parse_object;

/// The payload of an access token.
#[derive(Deserialize)]
pub(crate) struct RawClaims {
    pub(crate) iss: String,
    sub: String,
    aud: RawAudience,
    client_id: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    #[serde(default)]
    scope: String,
    tenant_id: String,
    app_id: String,
    license_region: Option<String>,
    db_code: Option<String>,
    allowed_domain_1: Option<String>,
    allowed_domain_2: Option<String>,
    allowed_domain_3: Option<String>,
    limits: Option<Value>,
    entitlements: Option<Value>,
    seq: i64,
}

/// One audience, in either of the forms of RFC 7519 §4.1.3. This server never issues a token for several
/// (RFC 9068 §3).
#[derive(Deserialize)]
#[serde(untagged)]
enum RawAudience {
    Text(String),
    List([String; 1]),
}

impl RawClaims {
    /// Reads the payload of a token.
    pub(crate) fn parse(payload: &[u8]) -> Result<Self, TokenRejection> {
        let claims = parse_object(payload).ok_or(TokenRejection::MalformedClaims)?;
        serde_json::from_value(Value::Object(claims)).map_err(|_| TokenRejection::MalformedClaims)
    }

    pub(crate) fn audience(&self) -> &str {
        match &self.aud {
            RawAudience::Text(audience) | RawAudience::List([audience]) => audience,
        }
    }

    pub(crate) fn not_before(&self) -> Timestamp {
        Timestamp::from_secs(self.nbf.max(self.iat))
    }

    pub(crate) fn expires_at(&self) -> Timestamp {
        Timestamp::from_secs(self.exp)
    }

    /// Gives every claim its type.
    pub(crate) fn typed(self, key_id: &str) -> Result<VerifiedAccessToken, TokenRejection> {
        self.read(key_id).ok_or(TokenRejection::MalformedClaims)
    }

    fn read(self, key_id: &str) -> Option<VerifiedAccessToken> {
        let domains = [&self.allowed_domain_1, &self.allowed_domain_2, &self.allowed_domain_3];
        let allowed_domains = allowed_domains(domains).ok()?;
        let region = self.license_region.as_deref().map(Slug::parse).transpose().ok()?;
        let db_code = self.db_code.as_deref().map(DbCode::parse).transpose().ok()?;
        Some(VerifiedAccessToken {
            key_id: key_id.to_owned(),
            audience: Audience::parse(self.audience()).ok()?,
            client_id: ClientId::parse(&self.client_id).ok()?,
            scopes: ScopeSet::parse(&self.scope).ok()?,
            issued_at: Timestamp::from_secs(self.iat),
            not_before: Timestamp::from_secs(self.nbf),
            expires_at: self.expires_at(),
            token_id: self.jti.parse().ok()?,
            tenant_id: self.tenant_id.parse().ok()?,
            app_id: self.app_id.parse().ok()?,
            license_region: region,
            db_code,
            allowed_domains,
            sequence: ChangeSequence::from_number(self.seq),
            subject: Some(self.sub).filter(|subject| !subject.is_empty())?,
            limits: self.limits,
            entitlements: self.entitlements,
        })
    }
}

/// Each stays in its slot: the second is the second even if there is no first.
fn allowed_domains(slots: [&Option<String>; 3]) -> Result<AllowedDomains, AllowedDomainError> {
    let [first, second, third] = slots.map(|slot| slot.as_deref().map(AllowedDomain::parse).transpose());
    AllowedDomains::new([first?, second?, third?])
}

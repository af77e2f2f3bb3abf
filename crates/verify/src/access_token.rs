//! The verification of an access token, in the order of RFC 9068 §4 and RFC 8725 §3.

use std::time::Duration;

use serde_json::Value;
use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{AppId, TenantId, TokenId};
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;

use crate::compact_jws::CompactJws;
use crate::key_set::KeySet;
use crate::raw_claims::RawClaims;
use crate::rejection::TokenRejection;

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// How much the clocks of issuer and verifier may differ.
pub const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// The claims of a token whose signature, issuer, audience and times were checked.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedAccessToken {
    /// `kid`: the key that signed it.
    pub key_id: String,
    /// `sub`: the client id, or a user's id.
    pub subject: String,
    /// `aud`.
    pub audience: Audience,
    /// `client_id`.
    pub client_id: ClientId,
    /// `scope`; empty if nothing was granted.
    pub scopes: ScopeSet,
    /// `iat`.
    pub issued_at: Timestamp,
    /// `nbf`.
    pub not_before: Timestamp,
    /// `exp`.
    pub expires_at: Timestamp,
    /// `jti`.
    pub token_id: TokenId,
    /// `tenant_id`.
    pub tenant_id: TenantId,
    /// `app_id`.
    pub app_id: AppId,
    /// `license_region`.
    pub license_region: Option<Slug>,
    /// `db_code`.
    pub db_code: Option<DbCode>,
    /// `allowed_domain_1` to `allowed_domain_3`.
    pub allowed_domains: AllowedDomains,
    /// `limits`, as the token has it.
    pub limits: Option<Value>,
    /// `entitlements`, as the token has it.
    pub entitlements: Option<Value>,
    /// `seq`: dead if it lies below a kill mark of its app, tenant or instance.
    pub sequence: ChangeSequence,
}

/// Verifies the access tokens of one issuer.
#[derive(Debug, Clone)]
pub struct AccessTokenVerifier {
    issuer: String,
    algorithms: Vec<SigningAlgorithm>,
    clock_skew: Duration,
    audience: Option<Audience>,
}

impl AccessTokenVerifier {
    /// Allows all supported algorithms, every audience, and a skew of 60 s.
    pub fn new(issuer: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            algorithms: SigningAlgorithm::ALL.to_vec(),
            clock_skew: CLOCK_SKEW,
            audience: None,
        }
    }

    /// Accepts tokens for this audience only. Every resource server must name its own (RFC 8725 §3.9).
    #[must_use]
    pub fn with_audience(mut self, audience: Audience) -> Self {
        self.audience = Some(audience);
        self
    }

    /// Accepts these algorithms only.
    #[must_use]
    pub fn with_algorithms(mut self, algorithms: &[SigningAlgorithm]) -> Self {
        self.algorithms = algorithms.to_vec();
        self
    }

    /// Allows another difference of clocks, up to 60 s.
    #[must_use]
    pub fn with_clock_skew(mut self, clock_skew: Duration) -> Self {
        self.clock_skew = clock_skew.min(CLOCK_SKEW);
        self
    }

    /// Checks everything that can be checked without asking anybody, with the issuer's keys. Whether the token
    /// was revoked, or killed by its `seq`, is for the caller to look up.
    pub fn verify(
        &self,
        keys: &KeySet,
        token: &str,
        now: Timestamp,
    ) -> Result<VerifiedAccessToken, TokenRejection> {
        if MAX_TOKEN_BYTES < token.len() {
            return Err(TokenRejection::TooLong);
        }
        let jws = CompactJws::parse(token)?;
        let kid = self.check_signature(keys, &jws)?;
        let claims = RawClaims::parse(&jws.payload()?)?;
        self.check_claims(&claims, now)?;
        claims.typed(kid)
    }

    /// Returns the id of the key that signed.
    fn check_signature<'a>(&self, keys: &'a KeySet, jws: &CompactJws<'_>) -> Result<&'a str, TokenRejection> {
        if !jws.header("typ").is_some_and(is_access_token_type) {
            return Err(TokenRejection::WrongType);
        }
        let algorithm = jws
            .header("alg")
            .and_then(|name| name.parse::<SigningAlgorithm>().ok())
            .filter(|algorithm| self.algorithms.contains(algorithm))
            .ok_or(TokenRejection::AlgorithmNotAllowed)?;
        let key = jws.header("kid").and_then(|kid| keys.find(kid)).ok_or(TokenRejection::UnknownKey)?;
        if key.algorithm() != algorithm {
            return Err(TokenRejection::KeyAlgorithmMismatch);
        }
        if !key.verify(jws.signing_input(), jws.signature()) {
            return Err(TokenRejection::BadSignature);
        }
        Ok(key.kid())
    }

    fn check_claims(&self, claims: &RawClaims, now: Timestamp) -> Result<(), TokenRejection> {
        if claims.iss != self.issuer {
            return Err(TokenRejection::WrongIssuer);
        }
        if self.audience.as_ref().is_some_and(|audience| audience.as_str() != claims.audience()) {
            return Err(TokenRejection::WrongAudience);
        }
        if claims.expires_at().plus(self.clock_skew) <= now {
            return Err(TokenRejection::Expired);
        }
        if now.plus(self.clock_skew) < claims.not_before() {
            return Err(TokenRejection::NotYetValid);
        }
        Ok(())
    }
}

/// RFC 9068 §2.1; media types are compared without regard to case, and `application/` may be left out
/// (RFC 7515 §4.1.9).
fn is_access_token_type(typ: &str) -> bool {
    typ.eq_ignore_ascii_case("at+jwt") || typ.eq_ignore_ascii_case("application/at+jwt")
}

#[cfg(test)]
mod attack_tests;
#[cfg(test)]
mod issued_token_tests;
#[cfg(test)]
mod sample_issuer;

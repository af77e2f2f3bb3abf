//! The verification of an access token, in the order of RFC 9068 §4 and RFC 8725 §3.

use std::time::Duration;

use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{AppId, SecretId, TenantId, TokenId};
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;

use crate::compact_jws::{ACCESS_TOKEN, CompactJws};
use crate::key_set::KeySet;
use crate::limits::LimitsClaim;
use crate::raw_claims::RawClaims;
use crate::rejection::TokenRejection;
use crate::token_person::TokenPerson;

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// How much the clocks of issuer and verifier may differ.
pub const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// The claims of a token whose signature, issuer, audience and times were checked; or of a reference token that its
/// issuer was asked about (feature `http`).
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedAccessToken {
    /// `kid`: the key that signed it; empty for a reference token, which nobody signs.
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
    /// `jti`; of a reference token that of its record, with another prefix.
    pub token_id: TokenId,
    /// `tenant_id`.
    pub tenant_id: TenantId,
    /// `app_id`.
    pub app_id: AppId,
    /// The person it acts as, if one signed in. Of a personal reference token, `subject` says who made it.
    pub person: Option<TokenPerson>,
    /// `secret_id`: the secret that obtained it; none if it was not obtained with a secret.
    pub secret_id: Option<SecretId>,
    /// `license_region`.
    pub license_region: Option<Slug>,
    /// `db_code`.
    pub db_code: Option<DbCode>,
    /// `allowed_domain_1` to `allowed_domain_3`.
    pub allowed_domains: AllowedDomains,
    /// `limits`, as the token has it.
    pub limits: Option<LimitsClaim>,
    /// `entitlements`, as the token has it.
    pub entitlements: Option<LimitsClaim>,
    /// `seq`: dead if it lies below a kill mark of its secret, app, tenant or instance, of its user, or of what the user
    /// granted.
    pub sequence: ChangeSequence,
}

impl VerifiedAccessToken {
    /// Whether it is a reference token: one that its issuer was asked about.
    pub const fn is_reference_token(&self) -> bool {
        self.key_id.is_empty()
    }
}

/// The issuer that a token says it is of, before anything is checked: good for choosing among the verifiers of pinned
/// issuers, and for nothing else.
pub fn unverified_issuer(token: &str) -> Result<String, TokenRejection> {
    if MAX_TOKEN_BYTES < token.len() {
        return Err(TokenRejection::TooLong);
    }
    let payload = CompactJws::split(token)?.payload()?;
    Ok(RawClaims::parse(&payload)?.issuer().to_owned())
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
        self.verify_if(keys, token, |claims| self.check_times(claims.not_before(), claims.expires_at(), now))
    }

    /// As [`verify`](Self::verify), but a token that has expired or is not valid yet passes as well. Good for taking
    /// a token out of use where the clock may be wrong, and for nothing else.
    pub fn verify_at_any_time(
        &self,
        keys: &KeySet,
        token: &str,
    ) -> Result<VerifiedAccessToken, TokenRejection> {
        self.verify_if(keys, token, |_| Ok(()))
    }

    /// Checks again what may have changed, or may be another verifier's, since a token was verified: its audience and
    /// its times.
    pub fn check_again(&self, token: &VerifiedAccessToken, now: Timestamp) -> Result<(), TokenRejection> {
        let not_before = token.not_before.max(token.issued_at);
        self.check_audience(token.audience.as_str())?;
        self.check_times(not_before, token.expires_at, now)
    }

    /// The issuer whose tokens it verifies.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The algorithms that it allows.
    pub fn algorithms(&self) -> &[SigningAlgorithm] {
        &self.algorithms
    }

    fn verify_if(
        &self,
        keys: &KeySet,
        token: &str,
        is_in_time: impl FnOnce(&RawClaims<'_>) -> Result<(), TokenRejection>,
    ) -> Result<VerifiedAccessToken, TokenRejection> {
        if MAX_TOKEN_BYTES < token.len() {
            return Err(TokenRejection::TooLong);
        }
        let jws = CompactJws::split(token)?;
        let kid = jws.verify(ACCESS_TOKEN, &self.algorithms, keys)?;
        let payload = jws.payload()?;
        let claims = RawClaims::parse(&payload)?;
        if claims.issuer() != self.issuer {
            return Err(TokenRejection::WrongIssuer);
        }
        self.check_audience(claims.audience())?;
        is_in_time(&claims)?;
        claims.typed(kid)
    }

    fn check_audience(&self, given: &str) -> Result<(), TokenRejection> {
        match &self.audience {
            Some(audience) if audience.as_str() != given => Err(TokenRejection::WrongAudience),
            Some(_) | None => Ok(()),
        }
    }

    fn check_times(
        &self,
        not_before: Timestamp,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), TokenRejection> {
        if expires_at.plus(self.clock_skew) <= now {
            return Err(TokenRejection::Expired);
        }
        if now.plus(self.clock_skew) < not_before {
            return Err(TokenRejection::NotYetValid);
        }
        Ok(())
    }
}

#[cfg(test)]
mod attack_tests;
#[cfg(test)]
mod issued_token_tests;
#[cfg(test)]
mod signature_vectors;

//! The claims of an access token (RFC 9068 §2.2, seeds 000 and 001), borrowed from the records they are about.

use std::fmt::Display;
use std::time::Duration;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use turnkeep_domain::allowed_domain::{AllowedDomain, AllowedDomains};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{AppId, TenantId, TokenId};
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan::{FeatureValue, Features, PlanLimits};
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::{Audience, LimitsClaims};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;

/// What a token is about.
#[derive(Debug, Clone, Copy)]
pub struct TokenSubject<'a> {
    /// The issuer's URL.
    pub iss: &'a str,
    /// The client id (`AsApp`) or the user's id.
    pub sub: &'a str,
    /// The resource it is for.
    pub audience: &'a Audience,
    /// The client that asked for it.
    pub client_id: &'a ClientId,
    /// What was granted; may be empty.
    pub scopes: &'a ScopeSet,
    /// The app's tenant.
    pub tenant_id: TenantId,
    /// The app.
    pub app_id: AppId,
    /// The app's region and database.
    pub placement: &'a Placement,
    /// The app's domains.
    pub allowed_domains: &'a AllowedDomains,
    /// The code and limits of a usable plan, and what the resource calls them; `None` without one.
    pub plan: Option<(&'a Slug, &'a PlanLimits, LimitsClaims)>,
    /// Now.
    pub issued_at: Timestamp,
    /// How long it lives; counted in whole seconds.
    pub lifetime: Duration,
    /// Its own id.
    pub token_id: TokenId,
    /// What this node had applied of the change log.
    pub sequence: ChangeSequence,
}

/// The claims in the form and order in which they are written.
#[derive(Debug, Clone, Serialize)]
pub struct AccessTokenClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    client_id: &'a str,
    iat: i64,
    nbf: i64,
    exp: i64,
    #[serde(serialize_with = "as_text")]
    jti: TokenId,
    #[serde(serialize_with = "as_text", skip_serializing_if = "no_scopes")]
    scope: &'a ScopeSet,
    #[serde(serialize_with = "as_text")]
    tenant_id: TenantId,
    #[serde(serialize_with = "as_text")]
    app_id: AppId,
    #[serde(skip_serializing_if = "Option::is_none")]
    license_region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    db_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_domain_1: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_domain_2: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_domain_3: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<LimitsClaim<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entitlements: Option<LimitsClaim<'a>>,
    seq: i64,
}

/// The limits of a plan. What is unlimited is absent.
#[derive(Debug, Clone, Copy, Serialize)]
struct LimitsClaim<'a> {
    plan: &'a str,
    document_units: WindowsClaim,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests_per_minute: Option<u32>,
    features: FeaturesClaim<'a>,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct WindowsClaim {
    #[serde(skip_serializing_if = "Option::is_none")]
    hour: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    week: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
struct FeaturesClaim<'a>(&'a Features);

impl<'a> AccessTokenClaims<'a> {
    /// The claims about this subject. Times are whole seconds (`NumericDate`, RFC 7519 §2).
    pub fn new(subject: &TokenSubject<'a>) -> Self {
        let iat = subject.issued_at.as_secs();
        let lifetime = i64::try_from(subject.lifetime.as_secs()).unwrap_or(i64::MAX);
        let [first, second, third] = subject.allowed_domains.slots();
        let (limits, entitlements) = limits_claims(subject);
        Self {
            iss: subject.iss,
            sub: subject.sub,
            aud: subject.audience.as_str(),
            client_id: subject.client_id.as_str(),
            iat,
            nbf: iat,
            exp: iat.saturating_add(lifetime),
            jti: subject.token_id,
            scope: subject.scopes,
            tenant_id: subject.tenant_id,
            app_id: subject.app_id,
            license_region: subject.placement.region_code().map(Slug::as_str),
            db_code: subject.placement.db_code().map(DbCode::as_str),
            allowed_domain_1: first.as_ref().map(AllowedDomain::as_str),
            allowed_domain_2: second.as_ref().map(AllowedDomain::as_str),
            allowed_domain_3: third.as_ref().map(AllowedDomain::as_str),
            limits,
            entitlements,
            seq: subject.sequence.as_number(),
        }
    }
}

fn limits_claims<'a>(subject: &TokenSubject<'a>) -> (Option<LimitsClaim<'a>>, Option<LimitsClaim<'a>>) {
    let Some((code, limits, wanted)) = subject.plan else {
        return (None, None);
    };
    let windows = &limits.document_units;
    let claim = Some(LimitsClaim {
        plan: code.as_str(),
        document_units: WindowsClaim {
            hour: windows.hour(),
            day: windows.day(),
            week: windows.week(),
            month: windows.month(),
        },
        requests_per_minute: limits.requests_per_minute,
        features: FeaturesClaim(&limits.features),
    });
    match wanted {
        LimitsClaims::Limits => (claim, None),
        LimitsClaims::Entitlements => (None, claim),
        LimitsClaims::Both => (claim, claim),
    }
}

fn as_text<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn no_scopes(scopes: &&ScopeSet) -> bool {
    scopes.is_empty()
}

impl Serialize for FeaturesClaim<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.0.iter() {
            match value {
                FeatureValue::Flag(flag) => map.serialize_entry(name, flag)?,
                FeatureValue::Number(number) => map.serialize_entry(name, number)?,
                FeatureValue::Text(text) => map.serialize_entry(name, text)?,
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests;

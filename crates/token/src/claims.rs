//! The claims of an access token (RFC 9068 §2.2, seeds 000 and 001): those that all tokens of a grant have in common,
//! written once, and those of each token.

use std::fmt::{self, Display, Write};
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use turnkeep_domain::allowed_domain::{AllowedDomain, AllowedDomains};
use turnkeep_domain::authentication::Authentication;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{AppId, GrantId, SecretId, SessionId, TenantId, TokenId};
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan::{FeatureValue, Features, PlanLimits};
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::{Audience, LimitsClaims};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::UserKind;

use crate::access_token::MintError;

/// What all tokens of a grant are about.
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
    /// What is said of the person, where `sub` is one who signed in.
    pub person: Option<PersonSubject<'a>>,
}

impl TokenSubject<'_> {
    /// The claims as an object, to answer about a token that is no JWT.
    pub fn to_object(&self) -> Result<serde_json::Value, MintError> {
        serde_json::to_value(SubjectClaims::new(self)).map_err(|_| MintError::Claims)
    }
}

/// What a token of a person says beside its `sub`.
#[derive(Debug, Clone, Copy)]
pub struct PersonSubject<'a> {
    /// What kind of user: of the owner of the instance, or of a customer (seed 002).
    pub kind: UserKind,
    /// What they granted: the token dies with it.
    pub grant_id: GrantId,
    /// The session in which they signed in.
    pub session_id: SessionId,
    /// When and how they did.
    pub authentication: &'a Authentication,
}

/// What makes each token another one.
#[derive(Debug, Clone, Copy)]
pub struct TokenIssue {
    /// Now.
    pub issued_at: Timestamp,
    /// How long it lives; counted in whole seconds.
    pub lifetime: Duration,
    /// Its own id.
    pub token_id: TokenId,
    /// What this node had applied of the change log.
    pub sequence: ChangeSequence,
    /// The secret that obtained it, if one did.
    pub secret_id: Option<SecretId>,
}

/// The claims that all tokens of a grant have in common, in base64url.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimsTemplate(String);

impl ClaimsTemplate {
    /// Writes the claims about this subject.
    pub fn new(subject: &TokenSubject<'_>) -> Result<Self, MintError> {
        let mut json = serde_json::to_vec(&SubjectClaims::new(subject)).map_err(|_| MintError::Claims)?;
        // The claims of each token follow in the same object. White space between members (RFC 8259 §2) makes the
        // length one that base 64 can be cut at.
        let closing = json.pop();
        if closing != Some(b'}') {
            return Err(MintError::Claims);
        }
        json.push(b',');
        while json.len() % 3 != 0 {
            json.push(b' ');
        }
        Ok(Self(BASE64URL_NOPAD.encode(&json)))
    }

    /// The beginning of every payload.
    pub(crate) fn as_base64url(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClaimsTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimsTemplate(…)")
    }
}

impl TokenIssue {
    /// Writes the rest of the payload. Times are whole seconds (`NumericDate`, RFC 7519 §2); nothing in it has a
    /// character that JSON escapes.
    pub(crate) fn write_claims(&self, json: &mut String) -> fmt::Result {
        let iat = self.issued_at.as_secs();
        let lifetime = i64::try_from(self.lifetime.as_secs()).unwrap_or(i64::MAX);
        let exp = iat.saturating_add(lifetime);
        let (jti, seq) = (self.token_id, self.sequence.as_number());
        write!(json, r#""iat":{iat},"nbf":{iat},"exp":{exp},"jti":"{jti}","seq":{seq}"#)?;
        if let Some(secret_id) = self.secret_id {
            write!(json, r#","secret_id":"{secret_id}""#)?;
        }
        json.write_char('}')
    }
}

/// The claims in the form and order in which they are written.
#[derive(Serialize)]
struct SubjectClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    client_id: &'a str,
    #[serde(serialize_with = "as_text", skip_serializing_if = "no_scopes")]
    scope: &'a ScopeSet,
    #[serde(serialize_with = "as_text")]
    tenant_id: TenantId,
    #[serde(serialize_with = "as_text")]
    app_id: AppId,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'static str>,
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

impl<'a> SubjectClaims<'a> {
    fn new(subject: &TokenSubject<'a>) -> Self {
        let [first, second, third] = subject.allowed_domains.slots();
        let (limits, entitlements) = limits_claims(subject);
        Self {
            iss: subject.iss,
            sub: subject.sub,
            aud: subject.audience.as_str(),
            client_id: subject.client_id.as_str(),
            scope: subject.scopes,
            tenant_id: subject.tenant_id,
            app_id: subject.app_id,
            user_kind: subject.person.map(|person| user_kind(person.kind)),
            grant_id: subject.person.map(|person| person.grant_id.to_string()),
            sid: subject.person.map(|person| person.session_id.to_string()),
            auth_time: subject.person.map(|person| person.authentication.at().as_secs()),
            acr: subject.person.map(|person| person.authentication.level().acr()),
            license_region: subject.placement.region_code().map(Slug::as_str),
            db_code: subject.placement.db_code().map(DbCode::as_str),
            allowed_domain_1: first.as_ref().map(AllowedDomain::as_str),
            allowed_domain_2: second.as_ref().map(AllowedDomain::as_str),
            allowed_domain_3: third.as_ref().map(AllowedDomain::as_str),
            limits,
            entitlements,
        }
    }
}

/// The value of `user_kind`.
const fn user_kind(kind: UserKind) -> &'static str {
    match kind {
        UserKind::Internal => "internal",
        UserKind::Community => "community",
        UserKind::System => "system",
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

//! The claims as they are written, before they are believed.

use serde::Deserialize;
use serde_json::value::RawValue;
use turnkeep_domain::allowed_domain::{AllowedDomain, AllowedDomainError, AllowedDomains};
use turnkeep_domain::authentication::AssuranceLevel;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::TokenId;
use turnkeep_domain::region::DbCode;
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::UserKind;

use crate::access_token::VerifiedAccessToken;
use crate::limits::LimitsClaim;
use crate::rejection::TokenRejection;
use crate::strict_json::{Text, parse_object};
use crate::token_person::TokenPerson;

/// The payload of an access token, or what an issuer says of a reference token.
#[derive(Deserialize)]
pub(crate) struct RawClaims<'a> {
    #[serde(borrow)]
    iss: Text<'a>,
    #[serde(borrow)]
    sub: Text<'a>,
    #[serde(borrow)]
    aud: RawAudience<'a>,
    #[serde(borrow)]
    client_id: Text<'a>,
    iat: i64,
    nbf: i64,
    exp: i64,
    #[serde(borrow)]
    jti: Text<'a>,
    #[serde(borrow, default)]
    scope: Text<'a>,
    #[serde(borrow)]
    tenant_id: Text<'a>,
    #[serde(borrow)]
    app_id: Text<'a>,
    #[serde(borrow)]
    user_kind: Option<Text<'a>>,
    #[serde(borrow)]
    grant_id: Option<Text<'a>>,
    #[serde(borrow)]
    sid: Option<Text<'a>>,
    auth_time: Option<i64>,
    #[serde(borrow)]
    acr: Option<Text<'a>>,
    #[serde(borrow)]
    secret_id: Option<Text<'a>>,
    #[serde(borrow)]
    license_region: Option<Text<'a>>,
    #[serde(borrow)]
    db_code: Option<Text<'a>>,
    #[serde(borrow)]
    allowed_domain_1: Option<Text<'a>>,
    #[serde(borrow)]
    allowed_domain_2: Option<Text<'a>>,
    #[serde(borrow)]
    allowed_domain_3: Option<Text<'a>>,
    #[serde(borrow)]
    limits: Option<&'a RawValue>,
    #[serde(borrow)]
    entitlements: Option<&'a RawValue>,
    seq: i64,
}

/// One audience, in either of the forms of RFC 7519 §4.1.3. This server never issues a token for several
/// (RFC 9068 §3).
#[derive(Deserialize)]
#[serde(untagged)]
enum RawAudience<'a> {
    #[serde(borrow)]
    Text(Text<'a>),
    List([Text<'a>; 1]),
}

impl<'a> RawClaims<'a> {
    /// Reads the payload of a token.
    pub(crate) fn parse(payload: &'a [u8]) -> Result<Self, TokenRejection> {
        parse_object(payload).map(|(claims, _)| claims).ok_or(TokenRejection::MalformedClaims)
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.iss.0
    }

    pub(crate) fn audience(&self) -> &str {
        match &self.aud {
            RawAudience::Text(audience) | RawAudience::List([audience]) => &audience.0,
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
        self.of_access_token(key_id).ok_or(TokenRejection::MalformedClaims)
    }

    fn of_access_token(self, key_id: &str) -> Option<VerifiedAccessToken> {
        let person = self.person()?;
        let secret_id = self.secret_id.as_ref().map(|id| id.0.parse()).transpose().ok()?;
        let said = self.read(|jti| jti.parse().ok())?;
        Some(VerifiedAccessToken { key_id: key_id.to_owned(), person, secret_id, ..said })
    }

    /// What is said of a token that nobody signed, and that neither a secret nor a sign-in obtained.
    pub(crate) fn read(self, token_id: impl FnOnce(&str) -> Option<TokenId>) -> Option<VerifiedAccessToken> {
        let domains = [&self.allowed_domain_1, &self.allowed_domain_2, &self.allowed_domain_3];
        let domains = domains.map(|slot| slot.as_ref().map(|domain| &*domain.0));
        Some(VerifiedAccessToken {
            key_id: String::new(),
            audience: Audience::parse(self.audience()).ok()?,
            client_id: ClientId::parse(&self.client_id.0).ok()?,
            scopes: ScopeSet::parse(&self.scope.0).ok()?,
            issued_at: Timestamp::from_secs(self.iat),
            not_before: Timestamp::from_secs(self.nbf),
            expires_at: self.expires_at(),
            token_id: token_id(&self.jti.0)?,
            tenant_id: self.tenant_id.0.parse().ok()?,
            app_id: self.app_id.0.parse().ok()?,
            person: None,
            secret_id: None,
            license_region: self.license_region.map(|code| Slug::parse(&code.0)).transpose().ok()?,
            db_code: self.db_code.map(|code| DbCode::parse(&code.0)).transpose().ok()?,
            allowed_domains: allowed_domains(domains).ok()?,
            sequence: ChangeSequence::from_number(self.seq),
            subject: Some(self.sub.0.into_owned()).filter(|subject| !subject.is_empty())?,
            limits: self.limits.map(LimitsClaim::from_json).transpose().ok()?,
            entitlements: self.entitlements.map(LimitsClaim::from_json).transpose().ok()?,
        })
    }
}

impl RawClaims<'_> {
    /// A token says all of it or nothing, and one that does acts as a user: `None` for anything in between.
    fn person(&self) -> Option<Option<TokenPerson>> {
        let said = (&self.grant_id, &self.user_kind, &self.sid, self.auth_time, &self.acr);
        let (grant_id, kind, sid, auth_time, acr) = match said {
            (None, None, None, None, None) => return Some(None),
            (Some(grant_id), Some(kind), Some(sid), Some(auth_time), Some(acr)) => {
                (grant_id, kind, sid, auth_time, acr)
            }
            (_, _, _, _, _) => return None,
        };
        let kind = match &*kind.0 {
            "internal" => UserKind::Internal,
            "community" => UserKind::Community,
            _ => return None,
        };
        Some(Some(TokenPerson {
            user_id: self.sub.0.parse().ok()?,
            kind,
            grant_id: grant_id.0.parse().ok()?,
            session_id: sid.0.parse().ok()?,
            authenticated_at: Timestamp::from_secs(auth_time),
            assurance: AssuranceLevel::ALL.into_iter().find(|level| level.acr() == acr.0),
        }))
    }
}

/// Each stays in its slot: the second is the second even if there is no first.
fn allowed_domains(slots: [Option<&str>; 3]) -> Result<AllowedDomains, AllowedDomainError> {
    let [first, second, third] = slots.map(|slot| slot.map(AllowedDomain::parse).transpose());
    AllowedDomains::new([first?, second?, third?])
}

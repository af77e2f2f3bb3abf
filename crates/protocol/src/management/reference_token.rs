//! Reference tokens (seed 002: PAT and SAT). The token itself is in the answer to its making only.

use serde::{Deserialize, Serialize};
use turnkeep_domain::reference_token::{ReferenceToken, ReferenceTokenKind, ReferenceTokenState};
use turnkeep_domain::time::Timestamp;

#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::revealed_secret::RevealedSecret;
use crate::rfc3339::format_utc;

/// [`ReferenceTokenKind`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReferenceTokenKindName {
    /// Acts as the person who made it (PAT).
    Personal,
    /// Acts as the app's system user, or as the app (SAT).
    Service,
}

impl From<ReferenceTokenKind> for ReferenceTokenKindName {
    fn from(kind: ReferenceTokenKind) -> Self {
        match kind {
            ReferenceTokenKind::Personal => Self::Personal,
            ReferenceTokenKind::Service => Self::Service,
        }
    }
}

impl From<ReferenceTokenKindName> for ReferenceTokenKind {
    fn from(kind: ReferenceTokenKindName) -> Self {
        match kind {
            ReferenceTokenKindName::Personal => Self::Personal,
            ReferenceTokenKindName::Service => Self::Service,
        }
    }
}

/// [`ReferenceTokenState`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReferenceTokenStateName {
    /// May be used, as far as it is concerned.
    Live,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

impl From<ReferenceTokenState> for ReferenceTokenStateName {
    fn from(state: ReferenceTokenState) -> Self {
        match state {
            ReferenceTokenState::Live => Self::Live,
            ReferenceTokenState::Expired => Self::Expired,
            ReferenceTokenState::Revoked => Self::Revoked,
        }
    }
}

/// `POST /apps/{id}/reference-tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MakeReferenceTokenRequest {
    /// As whom it acts: as the person who calls, or as the app's system user.
    pub kind: ReferenceTokenKindName,
    /// What it is called.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// What it may be used for, within the app's scopes: names with spaces between them.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ScopesText"))]
    pub scopes: String,
    /// The audience of the resource it is for; without one, that of its scopes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::AudienceText>"))]
    pub audience: Option<String>,
    /// How long it lives, in days; 90 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::ReferenceTokenDaysNumber>"))]
    pub lifetime_days: Option<u32>,
}

/// A reference token, without the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ReferenceTokenResponse {
    /// Identifier; the `jti` at introspection.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ReferenceTokenIdText"))]
    pub id: String,
    /// As whom it acts.
    pub kind: ReferenceTokenKindName,
    /// The user it acts as; `null` for the app itself.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::UserIdText>"))]
    pub user_id: Option<String>,
    /// What it is called.
    pub name: String,
    /// Its last four characters.
    pub hint: String,
    /// What it may be used for: names with spaces between them.
    pub scopes: String,
    /// The resource it is for.
    pub audience: String,
    /// Whether it still counts.
    pub state: ReferenceTokenStateName,
    /// Who made it: the id of a user or app.
    pub made_by: String,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// From when on it no longer counts.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub expires_at: String,
    /// When it was taken back.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TimeText>"))]
    pub revoked_at: Option<String>,
    /// When it was last used, to about a minute.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TimeText>"))]
    pub last_used_at: Option<String>,
}

impl ReferenceTokenResponse {
    /// Shows a token as it stands now.
    pub fn new(token: &ReferenceToken, now: Timestamp) -> Self {
        Self {
            id: token.id.to_string(),
            kind: token.kind.into(),
            user_id: token.user_id.map(|id| id.to_string()),
            name: token.name.to_string(),
            hint: token.hint.as_str().to_owned(),
            scopes: token.scopes.to_string(),
            audience: token.audience.to_string(),
            state: token.state(now).into(),
            made_by: token.made_by.to_string(),
            created_at: format_utc(token.created_at),
            expires_at: format_utc(token.expires_at),
            revoked_at: token.revoked_at.map(format_utc),
            last_used_at: token.last_used_at.map(format_utc),
        }
    }
}

/// A new reference token, shown this once.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct NewReferenceTokenResponse {
    /// What is known of it afterwards too.
    #[serde(flatten)]
    pub record: ReferenceTokenResponse,
    /// The token; absent in a repeated answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::RevealedSecretText>"))]
    pub token: Option<RevealedSecret>,
    /// `true` in a repeated answer: the token was shown before and is shown once only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_withheld: Option<bool>,
}

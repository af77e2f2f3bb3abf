//! Tokens that people use the management API with. The token itself is in the answer to its issue only.

use serde::{Deserialize, Serialize};
use turnkeep_domain::management_token::{ManagementToken, ManagementTokenState};

#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::revealed_secret::RevealedSecret;
use crate::rfc3339::format_utc;

/// `POST /users/{id}/tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct IssueManagementTokenRequest {
    /// The tenant it is for; none for operators, and for accepting an invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TenantIdText>"))]
    pub tenant_id: Option<String>,
    /// How long it lives, in seconds; one hour if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::ManagementTokenLifetimeNumber>"))]
    pub lifetime_seconds: Option<u32>,
}

/// [`ManagementTokenState`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ManagementTokenStateName {
    /// It stands for its user.
    Live,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

impl From<ManagementTokenState> for ManagementTokenStateName {
    fn from(state: ManagementTokenState) -> Self {
        match state {
            ManagementTokenState::Live => Self::Live,
            ManagementTokenState::Expired => Self::Expired,
            ManagementTokenState::Revoked => Self::Revoked,
        }
    }
}

/// A management token, without the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ManagementTokenResponse {
    /// Identifier.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ManagementTokenIdText"))]
    pub id: String,
    /// For whom it stands.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UserIdText"))]
    pub user_id: String,
    /// The tenant it is for.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TenantIdText>"))]
    pub tenant_id: Option<String>,
    /// Whether it still counts.
    pub state: ManagementTokenStateName,
    /// Who issued it: the id of a user or app, or `command-line`.
    pub issued_by: String,
    /// When it was issued.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// From when on it no longer counts.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub expires_at: String,
    /// When it was taken back.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TimeText>"))]
    pub revoked_at: Option<String>,
}

impl ManagementTokenResponse {
    /// Shows a token as it stands now.
    pub fn new(token: &ManagementToken, state: ManagementTokenState) -> Self {
        Self {
            id: token.id.to_string(),
            user_id: token.user_id.to_string(),
            tenant_id: token.tenant_id.map(|id| id.to_string()),
            state: state.into(),
            issued_by: token.issued_by.to_string(),
            created_at: format_utc(token.created_at),
            expires_at: format_utc(token.expires_at),
            revoked_at: token.revoked_at.map(format_utc),
        }
    }
}

/// A new management token, shown this once.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct NewManagementTokenResponse {
    /// What is known of it afterwards too.
    #[serde(flatten)]
    pub record: ManagementTokenResponse,
    /// The token; absent in a repeated answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::RevealedSecretText>"))]
    pub token: Option<RevealedSecret>,
    /// `true` in a repeated answer: the token was shown before and is shown once only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_withheld: Option<bool>,
}

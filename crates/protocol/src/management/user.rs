//! Users.

use serde::{Deserialize, Serialize};
use turnkeep_domain::user::{User, UserKind, UserState};

#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::patch::Patch;
use crate::revealed_secret::RevealedSecret;
use crate::rfc3339::format_utc;

/// [`UserKind`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserKindName {
    /// Works for the owner of the instance.
    Internal,
    /// A customer or partner.
    Community,
    /// The identity of a background service.
    System,
}

impl From<UserKind> for UserKindName {
    fn from(kind: UserKind) -> Self {
        match kind {
            UserKind::Internal => Self::Internal,
            UserKind::Community => Self::Community,
            UserKind::System => Self::System,
        }
    }
}

impl From<UserKindName> for UserKind {
    fn from(name: UserKindName) -> Self {
        match name {
            UserKindName::Internal => Self::Internal,
            UserKindName::Community => Self::Community,
            UserKindName::System => Self::System,
        }
    }
}

/// `POST /users`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateUserRequest {
    /// What kind.
    pub kind: UserKindName,
    /// The name it is found by.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UserNameText"))]
    pub name: String,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub display_name: String,
    /// Where mail reaches them; unique in the instance without regard to case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::EmailAddressText>"))]
    pub email: Option<String>,
}

/// `PATCH /users/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateUserRequest {
    /// Name for people.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub display_name: Patch<String>,
    /// Where mail reaches them; `null` is nowhere.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::EmailAddressText>"))]
    pub email: Patch<String>,
}

/// [`UserState`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserStateName {
    /// May act.
    Active,
    /// May not.
    Disabled,
}

impl From<UserState> for UserStateName {
    fn from(state: UserState) -> Self {
        match state {
            UserState::Active => Self::Active,
            UserState::Disabled => Self::Disabled,
        }
    }
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UserResponse {
    /// Identifier; the `sub` of tokens that act as this user.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UserIdText"))]
    pub id: String,
    /// What kind.
    pub kind: UserKindName,
    /// The name it is found by.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UserNameText"))]
    pub name: String,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub display_name: String,
    /// Where mail reaches them.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::EmailAddressText>"))]
    pub email: Option<String>,
    /// Whether it may act.
    pub state: UserStateName,
    /// When it was created.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// How often it was changed; also its `ETag`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub version: i64,
}

impl From<&User> for UserResponse {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            kind: user.kind.into(),
            name: user.name.to_string(),
            display_name: user.display_name.to_string(),
            email: user.email.as_ref().map(ToString::to_string),
            state: user.state.into(),
            created_at: format_utc(user.created_at),
            version: user.version.as_number(),
        }
    }
}

/// `POST /users/{id}/welcome`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WelcomeResponse {
    /// Where the person chooses a password, once; absent in a repeated answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::RevealedSecretText>"))]
    pub link: Option<RevealedSecret>,
    /// `true` in a repeated answer: the link was shown before and is shown once only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_withheld: Option<bool>,
    /// From when on it no longer works.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub expires_at: String,
    /// Whether it was given to the mail as well: the person has an e-mail address.
    pub mailed: bool,
}

/// `POST /users/{id}/sign-out`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SignedOutResponse {
    /// How many sessions have ended.
    pub sessions_ended: u32,
    /// How many grants to apps were revoked.
    pub grants_revoked: u32,
}

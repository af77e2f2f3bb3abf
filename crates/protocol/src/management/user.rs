//! Users.

use serde::{Deserialize, Serialize};
use turnkeep_domain::user::{User, UserKind, UserState};

use crate::rfc3339::format_utc;

/// [`UserKind`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[serde(deny_unknown_fields)]
pub struct CreateUserRequest {
    /// What kind.
    pub kind: UserKindName,
    /// The name it is found by.
    pub name: String,
    /// Name for people.
    pub display_name: String,
}

/// [`UserState`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct UserResponse {
    /// Identifier; the `sub` of tokens that act as this user.
    pub id: String,
    /// What kind.
    pub kind: UserKindName,
    /// The name it is found by.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// Whether it may act.
    pub state: UserStateName,
    /// When it was created.
    pub created_at: String,
    /// How often it was changed; also its `ETag`.
    pub version: i64,
}

impl From<&User> for UserResponse {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            kind: user.kind.into(),
            name: user.name.to_string(),
            display_name: user.display_name.to_string(),
            state: user.state.into(),
            created_at: format_utc(user.created_at),
            version: user.version.as_number(),
        }
    }
}

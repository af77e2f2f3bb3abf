//! Users, without their tokens. What they may do is said by tenants and by the document's list of operators.

use serde::{Deserialize, Serialize};
use turnkeep_domain::user::User;
use turnkeep_protocol::management::user::{UserKindName, UserStateName};
use turnkeep_protocol::patch::Patch;

use crate::document::stated::stated;

/// A user, found by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserRecord {
    /// The name it is found by.
    pub name: String,
    /// What kind.
    pub kind: UserKindName,
    /// Name for people.
    pub display_name: String,
    /// Where mail reaches it; nowhere if `null`.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub email: Patch<String>,
    /// Whether it may act; a new one may if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub state: Option<UserStateName>,
}

impl From<&User> for UserRecord {
    fn from(user: &User) -> Self {
        Self {
            name: user.name.to_string(),
            kind: user.kind.into(),
            display_name: user.display_name.to_string(),
            email: user.email.as_ref().map_or(Patch::Clear, |email| Patch::Set(email.to_string())),
            state: Some(user.state.into()),
        }
    }
}

//! What a user is in a tenant. What each role may do is decided in `policy::permission`.

use std::fmt;

use crate::id::{TenantId, UserId};
use crate::time::Timestamp;
use crate::version::RecordVersion;

/// The text names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is `owner`, `admin`, `developer` or `auditor`")]
pub struct RoleError;

/// A user's role in a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything, including the other owners.
    Owner,
    /// Everything but ownership.
    Admin,
    /// Apps, their secrets and their storage settings.
    Developer,
    /// Reads, including the audit trail.
    Auditor,
}

impl Role {
    /// Every role, from the one that may most.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Developer, Self::Auditor];

    /// The text form, as stored and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Developer => "developer",
            Self::Auditor => "auditor",
        }
    }

    /// Accepts exactly the text forms.
    pub fn parse(text: &str) -> Result<Self, RoleError> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(RoleError)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A user's place in a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The user, of the same instance; never a system user.
    pub user_id: UserId,
    /// What the user may do there.
    pub role: Role,
    /// Since when the user is a member.
    pub created_at: Timestamp,
    /// Optimistic lock.
    pub version: RecordVersion,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_round_trip_and_nothing_else_is_a_role() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Ok(role));
        }
        for text in ["", "Owner", "operator", "owner ", "member"] {
            assert_eq!(Role::parse(text), Err(RoleError), "{text:?}");
        }
    }
}

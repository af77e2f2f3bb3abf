//! Members of tenants and operators of instances.

use serde::{Deserialize, Serialize};
use turnkeep_domain::membership::{Membership, Role};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::User;

#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::management::user::UserStateName;
use crate::rfc3339::format_utc;

/// [`Role`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RoleName {
    /// Everything, including the other owners.
    Owner,
    /// Everything but ownership.
    Admin,
    /// Apps, their secrets and their storage settings.
    Developer,
    /// Reads, including the audit trail.
    Auditor,
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Admin => Self::Admin,
            Role::Developer => Self::Developer,
            Role::Auditor => Self::Auditor,
        }
    }
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Owner => Self::Owner,
            RoleName::Admin => Self::Admin,
            RoleName::Developer => Self::Developer,
            RoleName::Auditor => Self::Auditor,
        }
    }
}

/// `PUT /tenants/{id}/members/{user_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetMemberRequest {
    /// What the user may do in the tenant.
    pub role: RoleName,
}

/// A user's place in a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MemberResponse {
    /// The tenant.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TenantIdText"))]
    pub tenant_id: String,
    /// The user.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UserIdText"))]
    pub user_id: String,
    /// The name the user is found by.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UserNameText"))]
    pub user_name: String,
    /// The user's name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub display_name: String,
    /// Whether the user may act at all.
    pub user_state: UserStateName,
    /// What the user may do in the tenant.
    pub role: RoleName,
    /// Since when the user is a member.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// How often the role was changed; also its `ETag`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub version: i64,
}

impl MemberResponse {
    /// Shows a place and who has it.
    pub fn new(membership: &Membership, user: &User) -> Self {
        Self {
            tenant_id: membership.tenant_id.to_string(),
            user_id: user.id.to_string(),
            user_name: user.name.to_string(),
            display_name: user.display_name.to_string(),
            user_state: user.state.into(),
            role: membership.role.into(),
            created_at: format_utc(membership.created_at),
            version: membership.version.as_number(),
        }
    }
}

/// A person who operates the instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct OperatorResponse {
    /// The user.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UserIdText"))]
    pub user_id: String,
    /// The name the user is found by.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UserNameText"))]
    pub user_name: String,
    /// The user's name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub display_name: String,
    /// Whether the user may act at all.
    pub user_state: UserStateName,
    /// Since when the user is an operator.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
}

impl OperatorResponse {
    /// Shows who operates, and since when.
    pub fn new(user: &User, since: Timestamp) -> Self {
        Self {
            user_id: user.id.to_string(),
            user_name: user.name.to_string(),
            display_name: user.display_name.to_string(),
            user_state: user.state.into(),
            created_at: format_utc(since),
        }
    }
}

//! Tenants.

use serde::{Deserialize, Serialize};
use turnkeep_domain::membership::Role;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::UserName;
use turnkeep_protocol::management::member::RoleName;
use turnkeep_protocol::management::tenant::TenantStateName;
use turnkeep_protocol::patch::Patch;

use crate::document::stated::stated;

/// A tenant, found by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantRecord {
    /// Name for people; unique in the instance.
    pub name: String,
    /// Where it is in its life; a new one waits for activation if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub state: Option<TenantStateName>,
    /// How many apps it may have; a new one the usual number if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub app_limit: Option<u32>,
    /// How old secrets of its apps may get, in days; as old as they like if `null`.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub secret_max_age_days: Patch<u16>,
    /// Who may do what in it. Whoever is not listed stays what they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberRecord>,
}

/// A member of a tenant, found by the name of the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberRecord {
    /// The name of the user.
    pub user: String,
    /// What the user may do there.
    pub role: RoleName,
}

impl MemberRecord {
    /// What is exported of a member.
    pub fn new(user: &UserName, role: Role) -> Self {
        Self { user: user.to_string(), role: role.into() }
    }
}

impl TenantRecord {
    /// What is exported of a tenant.
    pub fn new(tenant: &Tenant, members: Vec<MemberRecord>) -> Self {
        Self {
            name: tenant.name.to_string(),
            state: Some(tenant.state.into()),
            app_limit: Some(tenant.app_limit.apps()),
            secret_max_age_days: tenant.secret_max_age.map_or(Patch::Clear, |age| Patch::Set(age.days())),
            members,
        }
    }
}

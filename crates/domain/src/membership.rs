//! What a user is in a tenant.

use crate::id::{TenantId, UserId};
use crate::time::Timestamp;

/// A user's role in a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything, including the other members.
    Owner,
    /// Everything but ownership.
    Admin,
    /// Apps and their secrets.
    Developer,
    /// Reads, including the audit trail.
    Auditor,
}

/// A user's place in a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The user, of the same instance.
    pub user_id: UserId,
    /// What the user may do there.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
}

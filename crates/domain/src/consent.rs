//! What a person allowed an app to have, so that they are not asked again.

use crate::id::{AppId, InstanceId, TenantId, UserId};
use crate::scope::ScopeSet;
use crate::time::Timestamp;

/// A remembered consent; one for each person and app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The instance.
    pub instance_id: InstanceId,
    /// Who allowed it.
    pub user_id: UserId,
    /// The tenant of the app.
    pub tenant_id: TenantId,
    /// Which app.
    pub app_id: AppId,
    /// What it may have.
    pub scopes: ScopeSet,
    /// When it was last given.
    pub given_at: Timestamp,
}

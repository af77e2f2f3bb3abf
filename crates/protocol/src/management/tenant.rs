//! Tenants.

use serde::{Deserialize, Serialize};
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_domain::tenant::{Tenant, TenantState};

#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::patch::Patch;
use crate::rfc3339::format_utc;

/// `POST /tenants`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTenantRequest {
    /// Name for people; unique in the instance.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// How many apps it may have; the usual limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::AppLimitNumber>"))]
    pub app_limit: Option<u32>,
}

/// `PATCH /tenants/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateTenantRequest {
    /// Name for people.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: Patch<String>,
    /// How many apps it may have; `null` sets the usual limit.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::AppLimitNumber>"))]
    pub app_limit: Patch<u32>,
    /// How old secrets of its apps may become, in whole days; `null` is as old as they like.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::SecretMaxAgeNumber>"))]
    pub secret_max_age_days: Patch<u16>,
}

/// [`TenantState`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TenantStateName {
    /// Not yet allowed to get tokens.
    PendingActivation,
    /// In use.
    Active,
    /// Stopped by an operator.
    Suspended,
    /// Ended for good.
    Closed,
}

impl From<TenantState> for TenantStateName {
    fn from(state: TenantState) -> Self {
        match state {
            TenantState::PendingActivation => Self::PendingActivation,
            TenantState::Active => Self::Active,
            TenantState::Suspended => Self::Suspended,
            TenantState::Closed => Self::Closed,
        }
    }
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TenantResponse {
    /// Identifier.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TenantIdText"))]
    pub id: String,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// Where it is in its life.
    pub state: TenantStateName,
    /// How many apps it may have.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppLimitNumber"))]
    pub app_limit: u32,
    /// How old secrets of its apps may become, in whole days; `null` is as old as they like.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::SecretMaxAgeNumber>"))]
    pub secret_max_age_days: Option<u16>,
    /// When it was created.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// How often it was changed; also its `ETag`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub version: i64,
}

impl From<&Tenant> for TenantResponse {
    fn from(tenant: &Tenant) -> Self {
        Self {
            id: tenant.id.to_string(),
            name: tenant.name.to_string(),
            state: tenant.state.into(),
            app_limit: tenant.app_limit.apps(),
            secret_max_age_days: tenant.secret_max_age.map(SecretMaxAge::days),
            created_at: format_utc(tenant.created_at),
            version: tenant.version.as_number(),
        }
    }
}

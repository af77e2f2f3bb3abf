//! Who the caller is to the server.

use serde::{Deserialize, Serialize};

use crate::management::member::RoleName;
#[cfg(feature = "openapi")]
use crate::management::texts;

/// How far a caller reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReachName {
    /// Every instance.
    Platform,
    /// Everything in one instance.
    Instance,
    /// One tenant.
    Tenant,
    /// Nothing but invitations to accept.
    Nowhere,
}

/// `GET /me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MeResponse {
    /// Who calls: the id of a user or app.
    pub actor: String,
    /// How far the caller reaches.
    pub reach: ReachName,
    /// The tenant that it reaches, if that is all.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TenantIdText>"))]
    pub tenant_id: Option<String>,
    /// What it is there.
    pub role: Option<RoleName>,
    /// The codes of everything that it may do.
    pub permissions: Vec<String>,
}

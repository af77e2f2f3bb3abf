//! Events of the audit trail.

use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
use crate::management::texts;

/// How what was attempted ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcomeName {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

/// An attribute before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AttributeChangeResponse {
    /// The attribute, by its name in this API.
    pub attribute: String,
    /// Its text before, JSON if it is a list or an object; `null` if it was not set.
    pub before: Option<String>,
    /// Its text after; `null` if it is not set.
    pub after: Option<String>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AuditEventResponse {
    /// Identifier.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AuditEventIdText"))]
    pub id: String,
    /// Its place in the chain of the instance.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::PositionNumber"))]
    pub position: u64,
    /// When.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub at: String,
    /// Who: `system`, `command-line`, `anonymous`, or the id of an app or user.
    pub actor: String,
    /// What was attempted: the kind of record first, as in `app.disable`.
    pub action: String,
    /// The id of the record that it is about, if it has one.
    pub object: Option<String>,
    /// The tenant it concerns, if one.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TenantIdText>"))]
    pub tenant_id: Option<String>,
    /// How it ended.
    pub outcome: AuditOutcomeName,
    /// The code of the refusal.
    pub code: Option<String>,
    /// What changed.
    pub changes: Vec<AttributeChangeResponse>,
    /// The request that caused it, as in the logs.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::RequestIdText>"))]
    pub request_id: Option<String>,
    /// The hash of the event before.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::HashText"))]
    pub previous_hash: String,
    /// The hash of this one, over its content and the hash before.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::HashText"))]
    pub hash: String,
}

//! The instance itself.

use serde::{Deserialize, Serialize};
use turnkeep_domain::instance::Instance;
use turnkeep_protocol::management::instance::AccentName;

use crate::document::stated::stated;

/// What a document says of the instance that it is imported into: how its pages look. Its slug, its name and its state
/// are the server's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceRecord {
    /// The accent colour of its pages.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub accent: Option<AccentName>,
}

impl From<&Instance> for InstanceRecord {
    fn from(instance: &Instance) -> Self {
        Self { accent: Some(instance.accent.into()) }
    }
}

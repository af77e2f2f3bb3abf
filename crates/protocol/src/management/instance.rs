//! Instances.

use serde::{Deserialize, Serialize};
use turnkeep_domain::accent::Accent;
use turnkeep_domain::instance::{Instance, InstanceState};

#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::patch::Patch;
use crate::rfc3339::format_utc;

/// `POST /instances`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateInstanceRequest {
    /// Place in the issuer's path.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::SlugText"))]
    pub slug: String,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// The accent colour of its pages; blue if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<AccentName>,
}

/// `PATCH /instances/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateInstanceRequest {
    /// Name for people.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: Patch<String>,
    /// The accent colour of its pages; `null` is blue.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<AccentName>"))]
    pub accent: Patch<AccentName>,
}

/// [`Accent`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccentName {
    /// Blue.
    #[default]
    Blue,
    /// Teal.
    Teal,
    /// Green.
    Green,
    /// Violet.
    Violet,
    /// Rose.
    Rose,
    /// Amber.
    Amber,
    /// Slate: almost without colour.
    Slate,
}

impl From<Accent> for AccentName {
    fn from(accent: Accent) -> Self {
        match accent {
            Accent::Blue => Self::Blue,
            Accent::Teal => Self::Teal,
            Accent::Green => Self::Green,
            Accent::Violet => Self::Violet,
            Accent::Rose => Self::Rose,
            Accent::Amber => Self::Amber,
            Accent::Slate => Self::Slate,
        }
    }
}

impl From<AccentName> for Accent {
    fn from(name: AccentName) -> Self {
        match name {
            AccentName::Blue => Self::Blue,
            AccentName::Teal => Self::Teal,
            AccentName::Green => Self::Green,
            AccentName::Violet => Self::Violet,
            AccentName::Rose => Self::Rose,
            AccentName::Amber => Self::Amber,
            AccentName::Slate => Self::Slate,
        }
    }
}

/// [`InstanceState`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InstanceStateName {
    /// It issues tokens.
    Active,
    /// It behaves like one that does not exist.
    Disabled,
}

impl From<InstanceState> for InstanceStateName {
    fn from(state: InstanceState) -> Self {
        match state {
            InstanceState::Active => Self::Active,
            InstanceState::Disabled => Self::Disabled,
        }
    }
}

/// An instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct InstanceResponse {
    /// Identifier.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::InstanceIdText"))]
    pub id: String,
    /// Place in the issuer's path.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::SlugText"))]
    pub slug: String,
    /// Its issuer identifier.
    pub issuer: String,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// The accent colour of its pages.
    pub accent: AccentName,
    /// Whether it answers.
    pub state: InstanceStateName,
    /// When it was created.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// How often it was changed; also its `ETag`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub version: i64,
}

impl InstanceResponse {
    /// Shows an instance, whose issuer only the server knows.
    pub fn new(instance: &Instance, issuer: String) -> Self {
        Self {
            id: instance.id.to_string(),
            slug: instance.slug.to_string(),
            issuer,
            name: instance.name.to_string(),
            accent: instance.accent.into(),
            state: instance.state.into(),
            created_at: format_utc(instance.created_at),
            version: instance.version.as_number(),
        }
    }
}

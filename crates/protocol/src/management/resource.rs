//! Protected resources, their scopes and the apps that serve them.

use serde::{Deserialize, Serialize};
use turnkeep_domain::resource::{LimitsClaims, Resource, Scope, ScopeGrant};

#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::patch::Patch;
use crate::rfc3339::format_utc;

/// [`LimitsClaims`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LimitsClaimsName {
    /// `limits` only.
    Limits,
    /// `entitlements` only.
    Entitlements,
    /// Both.
    Both,
}

impl From<LimitsClaims> for LimitsClaimsName {
    fn from(claims: LimitsClaims) -> Self {
        match claims {
            LimitsClaims::Limits => Self::Limits,
            LimitsClaims::Entitlements => Self::Entitlements,
            LimitsClaims::Both => Self::Both,
        }
    }
}

impl From<LimitsClaimsName> for LimitsClaims {
    fn from(name: LimitsClaimsName) -> Self {
        match name {
            LimitsClaimsName::Limits => Self::Limits,
            LimitsClaimsName::Entitlements => Self::Entitlements,
            LimitsClaimsName::Both => Self::Both,
        }
    }
}

/// `POST /resources`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateResourceRequest {
    /// The `aud` of its tokens.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AudienceText"))]
    pub audience: String,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// What its tokens call the plan's limits; both names if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits_claims: Option<LimitsClaimsName>,
    /// What its tokens are signed with; ES256 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::SigningAlgText>"))]
    pub signing_alg: Option<String>,
}

/// `PATCH /resources/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateResourceRequest {
    /// Name for people.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: Patch<String>,
    /// What its tokens call the plan's limits.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<LimitsClaimsName>"))]
    pub limits_claims: Patch<LimitsClaimsName>,
    /// What its tokens are signed with.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::SigningAlgText>"))]
    pub signing_alg: Patch<String>,
}

/// A protected resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ResourceResponse {
    /// Identifier.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ResourceIdText"))]
    pub id: String,
    /// The `aud` of its tokens.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AudienceText"))]
    pub audience: String,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// What its tokens call the plan's limits.
    pub limits_claims: LimitsClaimsName,
    /// What its tokens are signed with.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::SigningAlgText"))]
    pub signing_alg: String,
    /// When it was created.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// How often it was changed; also its `ETag`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub version: i64,
}

impl From<&Resource> for ResourceResponse {
    fn from(resource: &Resource) -> Self {
        Self {
            id: resource.id.to_string(),
            audience: resource.audience.to_string(),
            name: resource.name.to_string(),
            limits_claims: resource.limits_claims.into(),
            signing_alg: resource.signing_algorithm.to_string(),
            created_at: format_utc(resource.created_at),
            version: resource.version.as_number(),
        }
    }
}

/// [`ScopeGrant`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScopeGrantName {
    /// Any app; new apps have it unless they say otherwise.
    Default,
    /// Any app.
    AnyApp,
    /// Never an external app.
    Reserved,
}

impl From<ScopeGrant> for ScopeGrantName {
    fn from(grant: ScopeGrant) -> Self {
        match grant {
            ScopeGrant::Default => Self::Default,
            ScopeGrant::AnyApp => Self::AnyApp,
            ScopeGrant::Reserved => Self::Reserved,
        }
    }
}

impl From<ScopeGrantName> for ScopeGrant {
    fn from(name: ScopeGrantName) -> Self {
        match name {
            ScopeGrantName::Default => Self::Default,
            ScopeGrantName::AnyApp => Self::AnyApp,
            ScopeGrantName::Reserved => Self::Reserved,
        }
    }
}

/// `POST /resources/{id}/scopes`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateScopeRequest {
    /// Unique in the instance.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ScopeNameText"))]
    pub name: String,
    /// What it allows, for people.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DescriptionText"))]
    pub description: String,
    /// Who may have it; any app that is registered for it, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<ScopeGrantName>,
}

/// A scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ScopeResponse {
    /// The resource it belongs to.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ResourceIdText"))]
    pub resource_id: String,
    /// Unique in the instance.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ScopeNameText"))]
    pub name: String,
    /// What it allows, for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DescriptionText"))]
    pub description: String,
    /// Who may have it, reserved names included.
    pub grant: ScopeGrantName,
}

impl From<&Scope> for ScopeResponse {
    fn from(scope: &Scope) -> Self {
        Self {
            resource_id: scope.resource_id.to_string(),
            name: scope.name.to_string(),
            description: scope.description.clone(),
            grant: if scope.is_reserved() { ScopeGrantName::Reserved } else { scope.grant.into() },
        }
    }
}

/// An app that may introspect any token for a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ResourceServerResponse {
    /// The resource.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ResourceIdText"))]
    pub resource_id: String,
    /// The app.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppIdText"))]
    pub app_id: String,
}

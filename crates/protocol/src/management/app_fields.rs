//! The parts that requests about apps and their responses share.

use serde::{Deserialize, Serialize};
use turnkeep_domain::app::AppOrigin;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;

#[cfg(feature = "openapi")]
use crate::management::texts;

/// [`ClientType`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClientTypeName {
    /// Has a secret.
    Confidential,
    /// Cannot keep one.
    Public,
}

impl From<ClientType> for ClientTypeName {
    fn from(client_type: ClientType) -> Self {
        match client_type {
            ClientType::Confidential => Self::Confidential,
            ClientType::Public => Self::Public,
        }
    }
}

impl From<ClientTypeName> for ClientType {
    fn from(name: ClientTypeName) -> Self {
        match name {
            ClientTypeName::Confidential => Self::Confidential,
            ClientTypeName::Public => Self::Public,
        }
    }
}

/// [`AppOrigin`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AppOriginName {
    /// A tenant's or vendor's.
    External,
    /// The platform's own.
    Platform,
}

impl From<AppOrigin> for AppOriginName {
    fn from(origin: AppOrigin) -> Self {
        match origin {
            AppOrigin::External => Self::External,
            AppOrigin::Platform => Self::Platform,
        }
    }
}

/// Which people may sign in (seed 002: `ImpersonateAs…UserAllowed`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignInFields {
    /// Internal users.
    #[serde(default)]
    pub internal: bool,
    /// Community users.
    #[serde(default)]
    pub community: bool,
}

impl From<SignIn> for SignInFields {
    fn from(sign_in: SignIn) -> Self {
        Self { internal: sign_in.internal(), community: sign_in.community() }
    }
}

impl From<SignInFields> for SignIn {
    fn from(fields: SignInFields) -> Self {
        Self::from_flags(fields.internal, fields.community)
    }
}

/// As whom an app acts without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServicePrincipal {
    /// Nobody: no service access.
    None,
    /// The app itself.
    App,
    /// A system user.
    User,
}

/// Service access: `{"as":"app"}`, `{"as":"user","user_id":"usr_…"}` or `{"as":"none"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ServiceAccessFields {
    /// As whom.
    #[serde(rename = "as")]
    pub principal: ServicePrincipal,
    /// The system user, with `user` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::UserIdText>"))]
    pub user_id: Option<String>,
}

impl From<ServiceAccess> for ServiceAccessFields {
    fn from(service_access: ServiceAccess) -> Self {
        let (principal, user_id) = match service_access {
            ServiceAccess::Disabled => (ServicePrincipal::None, None),
            ServiceAccess::AsApp => (ServicePrincipal::App, None),
            ServiceAccess::AsUser(id) => (ServicePrincipal::User, Some(id.to_string())),
        };
        Self { principal, user_id }
    }
}

/// [`ReferenceTokenPolicy`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReferenceTokenPolicyName {
    /// Nobody.
    None,
    /// Any signed-in user.
    AuthenticatedUsers,
    /// Administrators.
    AdministratorsOnly,
}

impl From<ReferenceTokenPolicy> for ReferenceTokenPolicyName {
    fn from(policy: ReferenceTokenPolicy) -> Self {
        match policy {
            ReferenceTokenPolicy::None => Self::None,
            ReferenceTokenPolicy::AuthenticatedUsers => Self::AuthenticatedUsers,
            ReferenceTokenPolicy::AdministratorsOnly => Self::AdministratorsOnly,
        }
    }
}

impl From<ReferenceTokenPolicyName> for ReferenceTokenPolicy {
    fn from(name: ReferenceTokenPolicyName) -> Self {
        match name {
            ReferenceTokenPolicyName::None => Self::None,
            ReferenceTokenPolicyName::AuthenticatedUsers => Self::AuthenticatedUsers,
            ReferenceTokenPolicyName::AdministratorsOnly => Self::AdministratorsOnly,
        }
    }
}

/// [`PkceRequirement`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PkceRequirementName {
    /// Every request of the app has a code challenge.
    #[default]
    Required,
    /// It may do without one.
    Optional,
}

impl From<PkceRequirement> for PkceRequirementName {
    fn from(pkce: PkceRequirement) -> Self {
        match pkce {
            PkceRequirement::Required => Self::Required,
            PkceRequirement::Optional => Self::Optional,
        }
    }
}

impl From<PkceRequirementName> for PkceRequirement {
    fn from(name: PkceRequirementName) -> Self {
        match name {
            PkceRequirementName::Required => Self::Required,
            PkceRequirementName::Optional => Self::Optional,
        }
    }
}

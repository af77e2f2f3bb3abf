//! Protected resources and their scopes.

use serde::{Deserialize, Serialize};
use turnkeep_domain::resource::{Resource, Scope};
use turnkeep_protocol::management::resource::{LimitsClaimsName, ScopeGrantName};

/// A resource, found by its audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceRecord {
    /// The `aud` of its tokens.
    pub audience: String,
    /// Name for people.
    pub name: String,
    /// What its tokens call the plan's limits; both names if absent.
    #[serde(default = "both")]
    pub limits_claims: LimitsClaimsName,
    /// What its tokens are signed with; ES256 if absent.
    #[serde(default = "es256")]
    pub signing_alg: String,
    /// Its scopes.
    #[serde(default)]
    pub scopes: Vec<ScopeRecord>,
}

/// A scope, found by its name in the instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeRecord {
    /// Unique in the instance.
    pub name: String,
    /// What it allows, for people.
    #[serde(default)]
    pub description: String,
    /// Who may have it; any app that is registered for it, if absent.
    #[serde(default = "any_app")]
    pub grant: ScopeGrantName,
}

impl ResourceRecord {
    /// What is exported of a resource.
    pub fn new<'a>(resource: &Resource, scopes: impl IntoIterator<Item = &'a Scope>) -> Self {
        Self {
            audience: resource.audience.to_string(),
            name: resource.name.to_string(),
            limits_claims: resource.limits_claims.into(),
            signing_alg: resource.signing_algorithm.to_string(),
            scopes: scopes.into_iter().map(ScopeRecord::from).collect(),
        }
    }
}

impl From<&Scope> for ScopeRecord {
    fn from(scope: &Scope) -> Self {
        Self {
            name: scope.name.to_string(),
            description: scope.description.clone(),
            grant: scope.grant.into(),
        }
    }
}

fn both() -> LimitsClaimsName {
    LimitsClaimsName::Both
}

fn es256() -> String {
    "ES256".to_owned()
}

fn any_app() -> ScopeGrantName {
    ScopeGrantName::AnyApp
}

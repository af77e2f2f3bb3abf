//! Protected resources and their scopes.

use serde::{Deserialize, Serialize};
use turnkeep_domain::resource::{Resource, Scope};
use turnkeep_protocol::management::resource::{LimitsClaimsName, ScopeGrantName};

use crate::document::stated::stated;

/// A resource, found by its audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceRecord {
    /// The `aud` of its tokens.
    pub audience: String,
    /// Name for people.
    pub name: String,
    /// What its tokens call the plan's limits; of a new one both names if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub limits_claims: Option<LimitsClaimsName>,
    /// What its tokens are signed with; those of a new one with ES256 if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub signing_alg: Option<String>,
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
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who may have it; a new one any app that is registered for it, if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub grant: Option<ScopeGrantName>,
}

impl ResourceRecord {
    /// What is exported of a resource.
    pub fn new<'a>(resource: &Resource, scopes: impl IntoIterator<Item = &'a Scope>) -> Self {
        Self {
            audience: resource.audience.to_string(),
            name: resource.name.to_string(),
            limits_claims: Some(resource.limits_claims.into()),
            signing_alg: Some(resource.signing_algorithm.to_string()),
            scopes: scopes.into_iter().map(ScopeRecord::from).collect(),
        }
    }
}

impl From<&Scope> for ScopeRecord {
    fn from(scope: &Scope) -> Self {
        Self {
            name: scope.name.to_string(),
            description: Some(scope.description.clone()),
            grant: Some(scope.grant.into()),
        }
    }
}

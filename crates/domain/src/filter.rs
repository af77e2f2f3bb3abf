//! Which records of a list are wanted. A filter that says nothing wants all of them.

use crate::app::{AppState, BasicAuthentication};
use crate::client_id::ClientId;
use crate::client_type::ClientType;
use crate::display_name::{DisplayName, DisplayNameError};
use crate::id::{PlanId, RequestId, TenantId, UserId};
use crate::instance::{Instance, InstanceState};
use crate::plan::{Plan, PlanPrice, PlanState};
use crate::reference_token::ReferenceTokenPolicy;
use crate::region::{Availability, Region, RegionDatabase};
use crate::resource::{Resource, Scope, ScopeGrant};
use crate::scope::ScopeName;
use crate::signing_key::SigningAlgorithm;
use crate::slug::Slug;
use crate::tenant::TenantState;
use crate::time::Timestamp;
use crate::user::{User, UserKind, UserState};

/// A part of a name, without regard to case and Unicode form. No character of it has a special meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search(String);

impl Search {
    /// Accepts what could be a part of a display name.
    pub fn parse(text: &str) -> Result<Self, DisplayNameError> {
        let key = DisplayName::parse(text)?.uniqueness_key();
        if key.is_empty() { Err(DisplayNameError::Empty) } else { Ok(Self(key)) }
    }

    /// What the key of a matching name contains.
    pub fn key(&self) -> &str {
        &self.0
    }

    /// Whether a name with this key matches.
    pub fn is_in(&self, name_key: &str) -> bool {
        name_key.contains(&self.0)
    }

    /// Whether a name matches.
    pub fn is_in_name(&self, name: &DisplayName) -> bool {
        self.is_in(&name.uniqueness_key())
    }

    /// Whether a code matches: any text of ASCII characters without spaces, as in tokens and addresses.
    pub fn is_in_code(&self, code: &str) -> bool {
        // Of ASCII text this is the uniqueness key.
        self.is_in(&code.to_ascii_lowercase())
    }
}

/// Which apps are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AppFilter {
    /// Those with this in their name.
    pub search: Option<Search>,
    /// The one with this client id.
    pub client_id: Option<ClientId>,
    /// Those in this state.
    pub state: Option<AppState>,
    /// Those of this type.
    pub client_type: Option<ClientType>,
    /// Those on this plan.
    pub plan_id: Option<PlanId>,
    /// Those in this region.
    pub region_code: Option<Slug>,
    /// Those that act as this system user.
    pub system_user_id: Option<UserId>,
    /// Those that may be granted this scope.
    pub scope: Option<ScopeName>,
    /// Those with this policy.
    pub reference_tokens: Option<ReferenceTokenPolicy>,
    /// Those with or without legacy Basic authentication.
    pub basic_authentication: Option<BasicAuthentication>,
}

/// Which tenants are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TenantFilter {
    /// Those with this in their name.
    pub search: Option<Search>,
    /// Those in this state.
    pub state: Option<TenantState>,
}

/// Which users are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFilter {
    /// Those with this in their user name or display name.
    pub search: Option<Search>,
    /// Those of this kind.
    pub kind: Option<UserKind>,
    /// Those in this state.
    pub state: Option<UserState>,
}

impl UserFilter {
    /// Whether this user is wanted.
    pub fn wants(&self, user: &User) -> bool {
        let is_in =
            |search: &Search| search.is_in_code(user.name.as_str()) || search.is_in_name(&user.display_name);
        searched(self.search.as_ref(), is_in)
            && chosen(self.kind, user.kind)
            && chosen(self.state, user.state)
    }
}

/// Which instances are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstanceFilter {
    /// Those with this in their slug or name.
    pub search: Option<Search>,
    /// Those in this state.
    pub state: Option<InstanceState>,
}

impl InstanceFilter {
    /// Whether this instance is wanted.
    pub fn wants(&self, instance: &Instance) -> bool {
        let Instance { slug, name, .. } = instance;
        searched(self.search.as_ref(), |search| search.is_in_code(slug.as_str()) || search.is_in_name(name))
            && chosen(self.state, instance.state)
    }
}

/// Which plans are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanFilter {
    /// Those with this in their code or name.
    pub search: Option<Search>,
    /// Those in this state.
    pub state: Option<PlanState>,
    /// Those that are free, or those that are not.
    pub price: Option<PlanPrice>,
}

impl PlanFilter {
    /// Whether this plan is wanted.
    pub fn wants(&self, plan: &Plan) -> bool {
        let Plan { code, name, .. } = plan;
        searched(self.search.as_ref(), |search| search.is_in_code(code.as_str()) || search.is_in_name(name))
            && chosen(self.state, plan.state)
            && chosen(self.price, plan.price)
    }
}

/// Which regions are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegionFilter {
    /// Those with this in their code or name.
    pub search: Option<Search>,
    /// Those that can, or cannot, be chosen.
    pub availability: Option<Availability>,
}

impl RegionFilter {
    /// Whether this region is wanted.
    pub fn wants(&self, region: &Region) -> bool {
        let Region { code, name, .. } = region;
        searched(self.search.as_ref(), |search| search.is_in_code(code.as_str()) || search.is_in_name(name))
            && chosen(self.availability, region.availability)
    }
}

/// Which databases of a region are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegionDatabaseFilter {
    /// Those with this in their code.
    pub search: Option<Search>,
    /// Those that take new apps, or those that do not.
    pub availability: Option<Availability>,
}

impl RegionDatabaseFilter {
    /// Whether this database is wanted.
    pub fn wants(&self, database: &RegionDatabase) -> bool {
        searched(self.search.as_ref(), |search| search.is_in_code(database.db_code.as_str()))
            && chosen(self.availability, database.availability)
    }
}

/// Which resources are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResourceFilter {
    /// Those with this in their audience or name.
    pub search: Option<Search>,
    /// Those whose tokens are signed with this.
    pub signing_algorithm: Option<SigningAlgorithm>,
}

impl ResourceFilter {
    /// Whether this resource is wanted.
    pub fn wants(&self, resource: &Resource) -> bool {
        let Resource { audience, name, .. } = resource;
        searched(self.search.as_ref(), |search| {
            search.is_in_code(audience.as_str()) || search.is_in_name(name)
        }) && chosen(self.signing_algorithm, resource.signing_algorithm)
    }
}

/// Which scopes of a resource are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScopeFilter {
    /// Those with this in their name.
    pub search: Option<Search>,
    /// Those that are granted like this.
    pub grant: Option<ScopeGrant>,
}

impl ScopeFilter {
    /// Whether this scope is wanted.
    pub fn wants(&self, scope: &Scope) -> bool {
        searched(self.search.as_ref(), |search| search.is_in_code(scope.name.as_str()))
            && chosen(self.grant, scope.grant)
    }
}

/// Which entries of the audit trail are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Those that concern this tenant.
    pub tenant_id: Option<TenantId>,
    /// Those of this actor, in text form.
    pub actor: Option<String>,
    /// Those of this action.
    pub action: Option<String>,
    /// Those about this record, in text form.
    pub object: Option<String>,
    /// Those that were refused (`true`) or done.
    pub refused: Option<bool>,
    /// Those that were refused with this code.
    pub code: Option<String>,
    /// Those of this request.
    pub request_id: Option<RequestId>,
    /// Not before this.
    pub from: Option<Timestamp>,
    /// Before this.
    pub to: Option<Timestamp>,
}

/// Without a search every record is wanted, otherwise those that it is in.
fn searched(search: Option<&Search>, is_in: impl FnOnce(&Search) -> bool) -> bool {
    search.is_none_or(is_in)
}

/// Without a choice every record is wanted, otherwise those that have it.
fn chosen<T: PartialEq + Copy>(choice: Option<T>, found: T) -> bool {
    choice.is_none_or(|choice| choice == found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_normalised_like_the_names_it_looks_for() {
        let key = |text| Search::parse(text).map(|search| search.key().to_owned());
        assert_eq!(key("  InVoi ces "), Ok("invoi ces".to_owned()));
        assert_eq!(key("ＡＢ%_"), Ok("ab%_".to_owned()));
        assert_eq!(key(" \u{200b} "), Err(DisplayNameError::Empty));
        assert_eq!(key("a\0"), Err(DisplayNameError::ControlCharacter));
    }

    #[test]
    fn a_search_is_in_a_code_whatever_its_case() {
        let is_in = |text, code| Search::parse(text).unwrap().is_in_code(code);
        assert!(is_in("PARSER.a", "TrueParser.API"));
        assert!(is_in("://API", "https://api.example.com/v1"));
        assert!(is_in("_", "db_01"));
        assert!(!is_in("_", "db-01"));
        assert!(!is_in("%", "eu-west"));
        assert!(!is_in("eu west", "eu-west"));
    }

    #[test]
    fn the_key_of_a_code_is_that_of_a_name() {
        let every: String = (b'!'..=b'~').map(char::from).collect();
        let key = DisplayName::parse(&every).unwrap().uniqueness_key();
        assert_eq!(key, every.to_ascii_lowercase());
    }
}

//! Which records of a list are wanted. A filter that says nothing wants all of them.

use crate::app::{AppState, BasicAuthentication};
use crate::client_id::ClientId;
use crate::client_type::ClientType;
use crate::display_name::{DisplayName, DisplayNameError};
use crate::id::{PlanId, RequestId, TenantId, UserId};
use crate::plan::PlanState;
use crate::reference_token::ReferenceTokenPolicy;
use crate::region::Availability;
use crate::scope::ScopeName;
use crate::slug::Slug;
use crate::tenant::TenantState;
use crate::time::Timestamp;
use crate::user::{UserKind, UserState};

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
    /// Those with this in their user name.
    pub search: Option<Search>,
    /// Those of this kind.
    pub kind: Option<UserKind>,
    /// Those in this state.
    pub state: Option<UserState>,
}

/// Which plans are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanFilter {
    /// Those with this in their code.
    pub search: Option<Search>,
    /// Those in this state.
    pub state: Option<PlanState>,
}

/// Which regions are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegionFilter {
    /// Those with this in their code.
    pub search: Option<Search>,
    /// Those that can, or cannot, be chosen.
    pub availability: Option<Availability>,
}

/// Which resources are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResourceFilter {
    /// The one with this in its audience, where case matters.
    pub audience: Option<String>,
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
}

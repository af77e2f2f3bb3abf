//! What records say, as values of the domain. Every record that comes out of [`ImportFormat::read`] has them; for one
//! that was made by other means the error names the field.
//!
//! [`ImportFormat::read`]: crate::format::ImportFormat::read

use std::collections::BTreeMap;
use std::fmt::Display;

use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::{AppOrigin, AppSettings, AppState, BasicAuthentication};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::membership::Role;
use turnkeep_domain::plan::{FeatureValue, Features, PlanLimits, PlanPrice, PlanState};
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::region::Availability;
use turnkeep_domain::resource::{LimitsClaims, ScopeGrant};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_protocol::management::app_fields::{AppOriginName, ServicePrincipal};
use turnkeep_protocol::management::plan::PlanStateName;
use turnkeep_protocol::management::region::AvailabilityName;
use turnkeep_protocol::management::tenant::TenantStateName;
use turnkeep_protocol::management::user::UserStateName;

use crate::document::app::AppRecord;
use crate::document::plan::PlanRecord;
use crate::document::region::{DatabaseRecord, RegionRecord};
use crate::document::resource::{ResourceRecord, ScopeRecord};
use crate::document::tenant::{MemberRecord, TenantRecord};
use crate::document::user::UserRecord;

/// A field whose value is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ValueError {
    /// Which.
    pub field: &'static str,
    /// The rule that it breaks, without the value.
    pub message: String,
}

/// Names the field of a value that was refused.
pub fn value<T, E: Display>(field: &'static str, parsed: Result<T, E>) -> Result<T, ValueError> {
    parsed.map_err(|error| ValueError { field, message: error.to_string() })
}

impl ResourceRecord {
    /// What its tokens call the plan's limits.
    pub fn limits_claims_value(&self) -> LimitsClaims {
        self.limits_claims.into()
    }
}

impl ScopeRecord {
    /// Who may have it.
    pub fn grant_value(&self) -> ScopeGrant {
        self.grant.into()
    }
}

impl RegionRecord {
    /// Whether new apps may choose it.
    pub fn availability(&self) -> Availability {
        availability(self.state)
    }
}

impl DatabaseRecord {
    /// Whether it takes new apps.
    pub fn availability(&self) -> Availability {
        availability(self.state)
    }
}

fn availability(name: AvailabilityName) -> Availability {
    match name {
        AvailabilityName::Active => Availability::Active,
        AvailabilityName::Inactive => Availability::Inactive,
    }
}

impl PlanRecord {
    /// Where it is in its life.
    pub fn state_value(&self) -> PlanState {
        match self.state {
            PlanStateName::Draft => PlanState::Draft,
            PlanStateName::Active => PlanState::Active,
            PlanStateName::Archived => PlanState::Archived,
            PlanStateName::Retired => PlanState::Retired,
        }
    }

    /// Whether it costs something.
    pub fn price(&self) -> PlanPrice {
        if self.free { PlanPrice::Free } else { PlanPrice::Paid }
    }

    /// What it allows.
    pub fn limits_value(&self) -> Result<PlanLimits, ValueError> {
        let units = self.limits.document_units;
        let features: BTreeMap<String, FeatureValue> =
            self.limits.features.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        Ok(PlanLimits {
            document_units: value(
                "limits.document_units",
                DocumentUnitLimits::new(units.hour, units.day, units.week, units.month),
            )?,
            requests_per_minute: self.limits.requests_per_minute,
            features: value("limits.features", Features::new(features))?,
        })
    }
}

impl UserRecord {
    /// What kind.
    pub fn kind_value(&self) -> UserKind {
        self.kind.into()
    }

    /// Whether it may act.
    pub fn state_value(&self) -> UserState {
        match self.state {
            UserStateName::Active => UserState::Active,
            UserStateName::Disabled => UserState::Disabled,
        }
    }
}

impl TenantRecord {
    /// Where it is in its life.
    pub fn state_value(&self) -> TenantState {
        match self.state {
            TenantStateName::PendingActivation => TenantState::PendingActivation,
            TenantStateName::Active => TenantState::Active,
            TenantStateName::Suspended => TenantState::Suspended,
            TenantStateName::Closed => TenantState::Closed,
        }
    }
}

impl MemberRecord {
    /// What the user may do.
    pub fn role_value(&self) -> Role {
        self.role.into()
    }
}

impl AppRecord {
    /// Whether it can keep a secret.
    pub fn client_type_value(&self) -> ClientType {
        self.client_type.into()
    }

    /// Whose app it is.
    pub fn origin_value(&self) -> AppOrigin {
        match self.origin {
            AppOriginName::External => AppOrigin::External,
            AppOriginName::Platform => AppOrigin::Platform,
        }
    }

    /// The kill switch.
    pub fn state(&self) -> AppState {
        if self.enabled { AppState::Enabled } else { AppState::Disabled }
    }

    /// The name of the system user that it acts as, if it does.
    pub fn system_user(&self) -> Option<&str> {
        match self.service_access.principal {
            ServicePrincipal::User => self.service_access.user.as_deref(),
            ServicePrincipal::None | ServicePrincipal::App => None,
        }
    }

    /// As whom it acts if not as a system user.
    fn own_access(&self) -> ServiceAccess {
        match self.service_access.principal {
            ServicePrincipal::App => ServiceAccess::AsApp,
            ServicePrincipal::None | ServicePrincipal::User => ServiceAccess::Disabled,
        }
    }

    /// What its owner may change. `as_user` is service access as the system user that [`Self::system_user`] names.
    pub fn settings(&self, as_user: Option<ServiceAccess>) -> Result<AppSettings, ValueError> {
        let domains = self.allowed_domains.iter().map(|slot| slot.as_deref().unwrap_or_default());
        let uris = |texts: &[String]| RedirectUris::parse_list(texts.iter().map(String::as_str));
        let basic =
            if self.basic_authentication { BasicAuthentication::Allowed } else { BasicAuthentication::Off };
        Ok(AppSettings {
            name: value("name", DisplayName::parse(&self.name))?,
            allowed_domains: value("allowed_domains", AllowedDomains::parse_slots(domains))?,
            login_redirect_uris: value("login_redirect_uris", uris(&self.login_redirect_uris))?,
            logout_redirect_uris: value("logout_redirect_uris", uris(&self.logout_redirect_uris))?,
            sign_in: self.sign_in.into(),
            service_access: as_user.unwrap_or_else(|| self.own_access()),
            scopes: value("scopes", ScopeSet::parse(&self.scopes))?,
            reference_tokens: self.reference_tokens.into(),
            basic_authentication: basic,
            token_lifetime: value(
                "token_lifetime_seconds",
                TokenLifetime::from_secs(self.token_lifetime_seconds),
            )?,
        })
    }
}

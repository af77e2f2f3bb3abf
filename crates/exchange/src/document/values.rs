//! What records say, as values of the domain; `None` where they say nothing. Every record that comes out of
//! [`ImportFormat::read`] has them; for one that was made by other means the error names the field.
//!
//! [`ImportFormat::read`]: crate::format::ImportFormat::read

use std::collections::BTreeMap;
use std::fmt::Display;
use std::num::NonZeroU32;

use turnkeep_domain::accent::Accent;
use turnkeep_domain::app::AppState;
use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::membership::Role;
use turnkeep_domain::plan::{FeatureValue, Features, PlanLimits, PlanPrice, PlanState};
use turnkeep_domain::region::Availability;
use turnkeep_domain::resource::{LimitsClaims, ScopeGrant};
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_protocol::management::plan::PlanStateName;
use turnkeep_protocol::management::region::AvailabilityName;
use turnkeep_protocol::management::tenant::TenantStateName;
use turnkeep_protocol::management::user::UserStateName;
use turnkeep_protocol::patch::Patch;

use crate::document::app::{AppRecord, PlanAssignmentRecord};
use crate::document::instance::InstanceRecord;
use crate::document::plan::{DocumentUnitsRecord, PlanLimitsRecord, PlanRecord, TokenRequestsRecord};
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
    pub fn limits_claims_value(&self) -> Option<LimitsClaims> {
        self.limits_claims.map(Into::into)
    }

    /// What its tokens are signed with.
    pub fn signing_algorithm(&self) -> Result<Option<SigningAlgorithm>, ValueError> {
        value("signing_alg", self.signing_alg.as_deref().map(str::parse).transpose())
    }
}

impl ScopeRecord {
    /// Who may have it.
    pub fn grant_value(&self) -> Option<ScopeGrant> {
        self.grant.map(Into::into)
    }
}

impl InstanceRecord {
    /// The accent colour of its pages.
    pub fn accent(&self) -> Option<Accent> {
        self.accent.map(Into::into)
    }
}

impl RegionRecord {
    /// Whether new apps may choose it.
    pub fn availability(&self) -> Option<Availability> {
        self.state.map(availability)
    }
}

impl DatabaseRecord {
    /// Whether it takes new apps.
    pub fn availability(&self) -> Option<Availability> {
        self.state.map(availability)
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
    pub fn state_value(&self) -> Option<PlanState> {
        self.state.map(|state| match state {
            PlanStateName::Draft => PlanState::Draft,
            PlanStateName::Active => PlanState::Active,
            PlanStateName::Archived => PlanState::Archived,
            PlanStateName::Retired => PlanState::Retired,
        })
    }

    /// Whether it costs something.
    pub fn price(&self) -> Option<PlanPrice> {
        self.free.map(|free| if free { PlanPrice::Free } else { PlanPrice::Paid })
    }

    /// What it allows: as the record says, and otherwise as it does at present. A new plan has no limit that its
    /// record does not name.
    pub fn limits_on(&self, present: Option<&PlanLimits>) -> Result<PlanLimits, ValueError> {
        let present = present.cloned().unwrap_or_else(|| PlanLimits {
            document_units: DocumentUnitLimits::default(),
            requests_per_minute: None,
            features: Features::default(),
        });
        match &self.limits {
            None => Ok(present),
            Some(said) => limits_on(said, &present),
        }
    }

    /// How many tokens each app on it may ask for: as the record says, and otherwise as at present. A new plan has no
    /// limit that its record does not name.
    pub fn token_requests_on(
        &self,
        present: Option<&TokenRequestLimits>,
    ) -> Result<TokenRequestLimits, ValueError> {
        let present = present.copied().unwrap_or_default();
        self.token_requests.as_ref().map_or(Ok(present), |said| token_requests_on(said, &present))
    }
}

fn token_requests_on(
    said: &TokenRequestsRecord,
    present: &TokenRequestLimits,
) -> Result<TokenRequestLimits, ValueError> {
    let number = |limit: Option<NonZeroU32>| limit.map(NonZeroU32::get);
    let merged = TokenRequestLimits::new(
        patched(said.minute.clone(), number(present.minute())),
        patched(said.hour.clone(), number(present.hour())),
        patched(said.day.clone(), number(present.day())),
        said.mode.map_or(present.mode(), Into::into),
    );
    value("token_requests", merged)
}

fn limits_on(said: &PlanLimitsRecord, present: &PlanLimits) -> Result<PlanLimits, ValueError> {
    let features = match &said.features {
        None => present.features.clone(),
        Some(said) => {
            let features: BTreeMap<String, FeatureValue> =
                said.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
            value("limits.features", Features::new(features))?
        }
    };
    Ok(PlanLimits {
        document_units: units_on(said.document_units.clone().unwrap_or_default(), &present.document_units)?,
        requests_per_minute: patched(said.requests_per_minute.clone(), present.requests_per_minute),
        features,
    })
}

fn units_on(
    said: DocumentUnitsRecord,
    present: &DocumentUnitLimits,
) -> Result<DocumentUnitLimits, ValueError> {
    let merged = DocumentUnitLimits::new(
        patched(said.hour, present.hour()),
        patched(said.day, present.day()),
        patched(said.week, present.week()),
        patched(said.month, present.month()),
    );
    value("limits.document_units", merged)
}

/// What a member that `null` clears makes of what is there.
fn patched<T>(said: Patch<T>, present: Option<T>) -> Option<T> {
    match said {
        Patch::Absent => present,
        Patch::Clear => None,
        Patch::Set(value) => Some(value),
    }
}

impl UserRecord {
    /// Where mail reaches it; the inner `None` is nowhere.
    pub fn email_value(&self) -> Result<Option<Option<EmailAddress>>, ValueError> {
        match &self.email {
            Patch::Absent => Ok(None),
            Patch::Clear => Ok(Some(None)),
            Patch::Set(email) => Ok(Some(Some(value("email", EmailAddress::parse(email))?))),
        }
    }

    /// What kind.
    pub fn kind_value(&self) -> UserKind {
        self.kind.into()
    }

    /// Whether it may act.
    pub fn state_value(&self) -> Option<UserState> {
        self.state.map(|state| match state {
            UserStateName::Active => UserState::Active,
            UserStateName::Disabled => UserState::Disabled,
        })
    }
}

impl TenantRecord {
    /// Where it is in its life.
    pub fn state_value(&self) -> Option<TenantState> {
        self.state.map(|state| match state {
            TenantStateName::PendingActivation => TenantState::PendingActivation,
            TenantStateName::Active => TenantState::Active,
            TenantStateName::Suspended => TenantState::Suspended,
            TenantStateName::Closed => TenantState::Closed,
        })
    }

    /// How old secrets of its apps may get; the inner `None` is as old as they like.
    pub fn secret_max_age(&self) -> Result<Option<Option<SecretMaxAge>>, ValueError> {
        match self.secret_max_age_days {
            Patch::Absent => Ok(None),
            Patch::Clear => Ok(Some(None)),
            Patch::Set(days) => {
                let age = value("secret_max_age_days", SecretMaxAge::from_days(days))?;
                Ok(Some(Some(age)))
            }
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
    /// Its plan; the inner `None` is none.
    pub fn plan_value(&self) -> Option<Option<&PlanAssignmentRecord>> {
        match &self.plan {
            Patch::Absent => None,
            Patch::Clear => Some(None),
            Patch::Set(plan) => Some(Some(plan)),
        }
    }

    /// The kill switch.
    pub fn state(&self) -> Option<AppState> {
        self.enabled.map(|enabled| if enabled { AppState::Enabled } else { AppState::Disabled })
    }
}

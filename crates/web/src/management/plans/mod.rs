//! Plans.

pub(crate) mod create;
pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod retire;
pub(crate) mod step;
pub(crate) mod update;

use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::plan::{Features, PlanLimits, PlanState};
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_protocol::management::plan::{PlanLimitsFields, TokenRequestsFields};

use crate::management::field_errors::FieldErrors;

/// The states of a plan by their names in a query.
pub(crate) const STATES: [(&str, PlanState); 4] = [
    ("draft", PlanState::Draft),
    ("active", PlanState::Active),
    ("archived", PlanState::Archived),
    ("retired", PlanState::Retired),
];

fn token_requests_of(errors: &mut FieldErrors, fields: TokenRequestsFields) -> Option<TokenRequestLimits> {
    let TokenRequestsFields { minute, hour, day, mode } = fields;
    errors.check("token_requests", TokenRequestLimits::new(minute, hour, day, mode.into()))
}

fn limits_of(errors: &mut FieldErrors, fields: PlanLimitsFields) -> Option<PlanLimits> {
    let units = fields.document_units;
    let document_units = errors.check(
        "limits.document_units",
        DocumentUnitLimits::new(units.hour, units.day, units.week, units.month),
    );
    let features = fields.features.into_iter().map(|(name, value)| (name, value.into())).collect();
    let features = errors.check("limits.features", Features::new(features));
    let requests_per_minute = fields.requests_per_minute;
    document_units.zip(features).map(|(document_units, features)| PlanLimits {
        document_units,
        requests_per_minute,
        features,
    })
}

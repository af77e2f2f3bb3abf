//! Plans.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use turnkeep_domain::plan::{Plan, PlanLimits, PlanPrice};
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_protocol::management::plan::{FeatureField, PlanStateName, QuotaModeName};
use turnkeep_protocol::patch::Patch;

use crate::document::stated::stated;

/// A plan, found by its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRecord {
    /// What tokens name as `plan`.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Where it is in its life; a new one is a draft if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub state: Option<PlanStateName>,
    /// Whether it is free; a new one is not if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub free: Option<bool>,
    /// What it allows; a new one everything that is absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub limits: Option<PlanLimitsRecord>,
    /// How many tokens each app on it may ask for; no limit on a new one if absent.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub token_requests: Option<TokenRequestsRecord>,
}

/// How many tokens an app may ask for per window: `null` is unlimited, and what is absent says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequestsRecord {
    /// Requests per minute.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub minute: Patch<u32>,
    /// Tokens per hour.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub hour: Patch<u32>,
    /// Tokens per day.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub day: Patch<u32>,
    /// What happens at the end of the quotas.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub mode: Option<QuotaModeName>,
}

/// What a plan allows: `null` is unlimited, and what is absent says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLimitsRecord {
    /// Document Units per window.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub document_units: Option<DocumentUnitsRecord>,
    /// Requests per minute.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub requests_per_minute: Patch<u32>,
    /// Everything else, as a whole.
    #[serde(default, deserialize_with = "stated", skip_serializing_if = "Option::is_none")]
    pub features: Option<BTreeMap<String, FeatureField>>,
}

/// Document Units per window: `null` is unlimited, and what is absent says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentUnitsRecord {
    /// Units per hour.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub hour: Patch<u64>,
    /// Units per day.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub day: Patch<u64>,
    /// Units per week.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub week: Patch<u64>,
    /// Units per month.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    pub month: Patch<u64>,
}

impl From<&Plan> for PlanRecord {
    fn from(plan: &Plan) -> Self {
        Self {
            code: plan.code.to_string(),
            name: plan.name.to_string(),
            state: Some(plan.state.into()),
            free: Some(plan.price == PlanPrice::Free),
            limits: Some((&plan.limits).into()),
            token_requests: Some((&plan.token_requests).into()),
        }
    }
}

impl From<&PlanLimits> for PlanLimitsRecord {
    fn from(limits: &PlanLimits) -> Self {
        let units = &limits.document_units;
        let features = limits.features.iter();
        Self {
            document_units: Some(DocumentUnitsRecord {
                hour: set_or_clear(units.hour()),
                day: set_or_clear(units.day()),
                week: set_or_clear(units.week()),
                month: set_or_clear(units.month()),
            }),
            requests_per_minute: set_or_clear(limits.requests_per_minute),
            features: Some(features.map(|(name, value)| (name.to_owned(), value.into())).collect()),
        }
    }
}

impl From<&TokenRequestLimits> for TokenRequestsRecord {
    fn from(limits: &TokenRequestLimits) -> Self {
        let limit = |requests: Option<NonZeroU32>| set_or_clear(requests.map(NonZeroU32::get));
        Self {
            minute: limit(limits.minute()),
            hour: limit(limits.hour()),
            day: limit(limits.day()),
            mode: Some(limits.mode().into()),
        }
    }
}

fn set_or_clear<T>(value: Option<T>) -> Patch<T> {
    value.map_or(Patch::Clear, Patch::Set)
}

//! Plans.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use turnkeep_domain::plan::{FeatureValue, Plan, PlanLimits, PlanPrice, PlanState};
use turnkeep_domain::token_requests::{QuotaMode, TokenRequestLimits};

#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::patch::Patch;
use crate::rfc3339::format_utc;

/// Document Units per window; an absent window is unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DocumentUnitsFields {
    /// Units per hour.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::DocumentUnitsNumber>"))]
    pub hour: Option<u64>,
    /// Units per day.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::DocumentUnitsNumber>"))]
    pub day: Option<u64>,
    /// Units per week.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::DocumentUnitsNumber>"))]
    pub week: Option<u64>,
    /// Units per month.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::DocumentUnitsNumber>"))]
    pub month: Option<u64>,
}

/// The value of a feature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum FeatureField {
    /// On or off.
    Flag(bool),
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

impl From<FeatureField> for FeatureValue {
    fn from(field: FeatureField) -> Self {
        match field {
            FeatureField::Flag(flag) => Self::Flag(flag),
            FeatureField::Number(number) => Self::Number(number),
            FeatureField::Text(text) => Self::Text(text),
        }
    }
}

impl From<&FeatureValue> for FeatureField {
    fn from(value: &FeatureValue) -> Self {
        match value {
            FeatureValue::Flag(flag) => Self::Flag(*flag),
            FeatureValue::Number(number) => Self::Number(*number),
            FeatureValue::Text(text) => Self::Text(text.clone()),
        }
    }
}

/// What a plan allows; what is absent is unlimited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanLimitsFields {
    /// Document Units per window.
    #[serde(default)]
    pub document_units: DocumentUnitsFields,
    /// Requests per minute.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::RequestsPerMinuteNumber>"))]
    pub requests_per_minute: Option<u32>,
    /// Everything else.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "texts::FeaturesMap"))]
    pub features: BTreeMap<String, FeatureField>,
}

impl From<&PlanLimits> for PlanLimitsFields {
    fn from(limits: &PlanLimits) -> Self {
        let units = &limits.document_units;
        Self {
            document_units: DocumentUnitsFields {
                hour: units.hour(),
                day: units.day(),
                week: units.week(),
                month: units.month(),
            },
            requests_per_minute: limits.requests_per_minute,
            features: limits.features.iter().map(|(name, value)| (name.to_owned(), value.into())).collect(),
        }
    }
}

/// [`QuotaMode`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuotaModeName {
    /// Further requests are refused.
    #[default]
    Enforce,
    /// Further requests are served; that they would have been refused is counted and logged.
    DryRun,
}

impl From<QuotaMode> for QuotaModeName {
    fn from(mode: QuotaMode) -> Self {
        match mode {
            QuotaMode::Enforced => Self::Enforce,
            QuotaMode::DryRun => Self::DryRun,
        }
    }
}

impl From<QuotaModeName> for QuotaMode {
    fn from(name: QuotaModeName) -> Self {
        match name {
            QuotaModeName::Enforce => Self::Enforced,
            QuotaModeName::DryRun => Self::DryRun,
        }
    }
}

/// How many tokens each app on a plan may ask for; an absent window is unlimited by the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenRequestsFields {
    /// Requests per minute: a rate, replenished evenly, in place of the server's limit for each client.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TokenRequestsNumber>"))]
    pub minute: Option<u32>,
    /// Tokens per clock hour (UTC).
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TokenRequestsNumber>"))]
    pub hour: Option<u32>,
    /// Tokens per day (UTC).
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::TokenRequestsNumber>"))]
    pub day: Option<u32>,
    /// What happens at the end of the hour's or day's quota.
    #[serde(default)]
    pub mode: QuotaModeName,
}

impl From<&TokenRequestLimits> for TokenRequestsFields {
    fn from(limits: &TokenRequestLimits) -> Self {
        Self {
            minute: limits.minute().map(NonZeroU32::get),
            hour: limits.hour().map(NonZeroU32::get),
            day: limits.day().map(NonZeroU32::get),
            mode: limits.mode().into(),
        }
    }
}

/// `POST /plans`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreatePlanRequest {
    /// What tokens name as `plan`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::SlugText"))]
    pub code: String,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// Whether it is free.
    #[serde(default)]
    pub free: bool,
    /// What it allows.
    #[serde(default)]
    pub limits: PlanLimitsFields,
    /// How many tokens each app on it may ask for.
    #[serde(default)]
    pub token_requests: TokenRequestsFields,
}

/// `PATCH /plans/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdatePlanRequest {
    /// Name for people.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: Patch<String>,
    /// What it allows, as a whole; `null` makes everything unlimited.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<PlanLimitsFields>"))]
    pub limits: Patch<PlanLimitsFields>,
    /// How many tokens each app on it may ask for, as a whole; `null` makes it unlimited.
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<TokenRequestsFields>"))]
    pub token_requests: Patch<TokenRequestsFields>,
}

/// `POST /plans/{id}/retire`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RetirePlanRequest {
    /// Whether to say only what would happen.
    #[serde(default)]
    pub dry_run: bool,
    /// The plan that the apps move to; without one they stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::PlanIdText>"))]
    pub successor_plan_id: Option<String>,
}

/// What happens to an app whose plan is retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AppFateName {
    /// It gets no token any more.
    Stops,
    /// It goes on with the successor.
    Moves,
    /// The successor is free, and the tenant has its one app on a free plan: nothing is done.
    FreePlanTaken,
}

/// An app whose plan is retired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AffectedAppResponse {
    /// The app.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AppIdText"))]
    pub app_id: String,
    /// Its name.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub app_name: String,
    /// Its client id.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::ClientIdText"))]
    pub client_id: String,
    /// Its tenant.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TenantIdText"))]
    pub tenant_id: String,
    /// The name of its tenant.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub tenant_name: String,
    /// What happens to it.
    pub fate: AppFateName,
}

/// A plan that was, or would be, retired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct PlanRetirementResponse {
    /// The plan as it is now.
    #[serde(flatten)]
    pub plan: PlanResponse,
    /// Whether nothing was done.
    pub dry_run: bool,
    /// How many apps go on with the successor.
    pub moves: usize,
    /// How many apps get no token any more.
    pub stops: usize,
    /// Every app that was on the plan.
    pub affected_apps: Vec<AffectedAppResponse>,
}

/// [`PlanState`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlanStateName {
    /// Not assignable yet.
    Draft,
    /// Assignable.
    Active,
    /// No new assignment.
    Archived,
    /// Apps on it get no token.
    Retired,
}

impl From<PlanState> for PlanStateName {
    fn from(state: PlanState) -> Self {
        match state {
            PlanState::Draft => Self::Draft,
            PlanState::Active => Self::Active,
            PlanState::Archived => Self::Archived,
            PlanState::Retired => Self::Retired,
        }
    }
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct PlanResponse {
    /// Identifier.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::PlanIdText"))]
    pub id: String,
    /// What tokens name as `plan`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::SlugText"))]
    pub code: String,
    /// Name for people.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::DisplayNameText"))]
    pub name: String,
    /// Where it is in its life.
    pub state: PlanStateName,
    /// Whether it is free.
    pub free: bool,
    /// What it allows.
    pub limits: PlanLimitsFields,
    /// How many tokens each app on it may ask for.
    pub token_requests: TokenRequestsFields,
    /// When it was created.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// How often it was changed; also its `ETag`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub version: i64,
}

impl From<&Plan> for PlanResponse {
    fn from(plan: &Plan) -> Self {
        Self {
            id: plan.id.to_string(),
            code: plan.code.to_string(),
            name: plan.name.to_string(),
            state: plan.state.into(),
            free: plan.price == PlanPrice::Free,
            limits: (&plan.limits).into(),
            token_requests: (&plan.token_requests).into(),
            created_at: format_utc(plan.created_at),
            version: plan.version.as_number(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_flags_numbers_and_texts() {
        let json = r#"{"features":{"ocr":true,"seats":5,"tier":"gold"}}"#;
        let limits: PlanLimitsFields = serde_json::from_str(json).unwrap();
        assert_eq!(limits.features["ocr"], FeatureField::Flag(true));
        assert_eq!(limits.features["seats"], FeatureField::Number(5));
        assert_eq!(limits.features["tier"], FeatureField::Text("gold".to_owned()));
    }

    #[test]
    fn members_that_a_caller_must_not_set_are_refused() {
        for json in [
            r#"{"code":"pro","name":"Pro","state":"active"}"#,
            r#"{"code":"pro","name":"Pro","id":"pln_1"}"#,
            r#"{"code":"pro","name":"Pro","limits":{"document_units":{"year":1}}}"#,
        ] {
            assert!(serde_json::from_str::<CreatePlanRequest>(json).is_err(), "{json}");
        }
    }
}

//! Plans.

use serde::{Deserialize, Serialize};
use turnkeep_domain::plan::{Plan, PlanPrice};
use turnkeep_protocol::management::plan::{PlanLimitsFields, PlanStateName};

/// A plan, found by its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRecord {
    /// What tokens name as `plan`.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Where it is in its life; a draft if absent.
    #[serde(default = "draft")]
    pub state: PlanStateName,
    /// Whether it is free.
    #[serde(default)]
    pub free: bool,
    /// What it allows.
    #[serde(default)]
    pub limits: PlanLimitsFields,
}

impl From<&Plan> for PlanRecord {
    fn from(plan: &Plan) -> Self {
        Self {
            code: plan.code.to_string(),
            name: plan.name.to_string(),
            state: plan.state.into(),
            free: plan.price == PlanPrice::Free,
            limits: (&plan.limits).into(),
        }
    }
}

fn draft() -> PlanStateName {
    PlanStateName::Draft
}

//! The plan of an app in words: what it limits, and what is out of the ordinary about it.

use turnkeep_console::dashboard::app_overview::PlanOfApp;
use turnkeep_console::parts::amount::grouped;
use turnkeep_domain::plan::{FeatureValue, Plan, PlanState};
use turnkeep_domain::plan_assignment::{AssignmentState, PlanAssignment};
use turnkeep_domain::usage_window::UsageWindow;

use crate::dashboard::shown::moment;

/// The plan that an app is on.
pub(super) fn plan_of_app(plan: &Plan, assignment: PlanAssignment) -> PlanOfApp {
    PlanOfApp {
        name: plan.name.to_string(),
        code: plan.code.to_string(),
        state: (plan.state != PlanState::Active).then(|| plan.state.to_string()),
        assigned_at: moment(assignment.assigned_at),
        on_hold_since: match assignment.state {
            AssignmentState::Current => None,
            AssignmentState::OnHold { since } => Some(moment(since)),
        },
        limits: limits_in_words(plan),
    }
}

/// What a plan limits and grants, one sentence each; empty if it limits nothing.
fn limits_in_words(plan: &Plan) -> Vec<String> {
    let (limits, tokens) = (&plan.limits, plan.token_requests);
    let units = UsageWindow::ALL.into_iter().filter_map(|window| {
        limits
            .document_units
            .of(window)
            .map(|most| format!("{} Document Units per {}.", grouped(most), window.as_str()))
    });
    let requests = limits.requests_per_minute.map(|most| format!("{} requests per minute.", grouped(most)));
    let token_requests = [(tokens.minute(), "minute"), (tokens.hour(), "hour"), (tokens.day(), "day")]
        .into_iter()
        .filter_map(|(most, window)| most.map(|most| format!("{} tokens per {window}.", grouped(most))));
    let features = limits.features.iter().map(|(name, value)| match value {
        FeatureValue::Flag(true) => format!("{name}: yes."),
        FeatureValue::Flag(false) => format!("{name}: no."),
        FeatureValue::Number(number) => format!("{name}: {number}."),
        FeatureValue::Text(text) => format!("{name}: {text}."),
    });
    units.chain(requests).chain(token_requests).chain(features).collect()
}

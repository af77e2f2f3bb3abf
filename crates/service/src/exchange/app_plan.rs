//! The plan of an imported app: what its document says of it, and what stays of a hold.

use turnkeep_domain::app::App;
use turnkeep_domain::plan::{Plan, PlanState};
use turnkeep_domain::plan_assignment::{AssignmentState, PlanAssignment};
use turnkeep_domain::tenant::Tenant;
use turnkeep_exchange::document::app::PlanAssignmentRecord;
use turnkeep_policy::decide_plan_assignment::{PlanAssignmentDenial, decide_plan_assignment};

use crate::exchange::import_report::RecordResult;
use crate::exchange::importing::Importing;
use crate::exchange::references::find_plan_by_code;
use crate::registry::assign_plan::PlanAction;
use crate::registry::denial::RegistryDenial;

/// The plan of a new app. It may be one that takes no more apps: this one is on it already. The rule of one free app
/// holds all the same.
pub(super) fn new_assignment(
    importing: &mut Importing<'_, '_>,
    record: &PlanAssignmentRecord,
    tenant: &Tenant,
) -> RecordResult<PlanAssignment> {
    let (instance_id, now) = (importing.context.instance_id, importing.change.now);
    let plan = existing_plan(importing, record)?;
    let others = importing.change.writes.count_apps_on_free_plans(instance_id, tenant.id, None)?;
    let judged = match plan.state {
        PlanState::Draft | PlanState::Active => plan.clone(),
        PlanState::Archived | PlanState::Retired => Plan { state: PlanState::Active, ..plan.clone() },
    };
    decide_plan_assignment(Some(&judged), others).map_err(RegistryDenial::PlanAssignment)?;
    let state = if record.on_hold == Some(true) {
        AssignmentState::OnHold { since: now }
    } else {
        AssignmentState::Current
    };
    Ok(PlanAssignment { plan_id: plan.id, assigned_at: now, state })
}

fn existing_plan(importing: &mut Importing<'_, '_>, record: &PlanAssignmentRecord) -> RecordResult<Plan> {
    let found = find_plan_by_code(importing.change.writes, importing.context.instance_id, &record.code)?;
    Ok(found.ok_or(RegistryDenial::PlanAssignment(PlanAssignmentDenial::PlanUnknown))?)
}

/// What brings an app that is there onto the plan.
pub(super) fn plan_actions(
    importing: &mut Importing<'_, '_>,
    app: &App,
    wanted: &PlanAssignmentRecord,
) -> RecordResult<Vec<PlanAction>> {
    let plan_id = existing_plan(importing, wanted)?.id;
    let is_held = app.plan.is_some_and(|present| match present.state {
        AssignmentState::OnHold { .. } => true,
        AssignmentState::Current => false,
    });
    let stays = app.plan.is_some_and(|present| present.plan_id == plan_id);
    let mut actions = Vec::new();
    if !stays {
        actions.push(PlanAction::Assign(plan_id));
    }
    // Another plan does not end a hold by itself here: only a document that says so does.
    match (is_held && stays, wanted.on_hold.unwrap_or(is_held)) {
        (false, true) => actions.push(PlanAction::Hold),
        (true, false) => actions.push(PlanAction::Release),
        (true, true) | (false, false) => {}
    }
    Ok(actions)
}

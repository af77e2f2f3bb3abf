//! The plan of an app: assign, take away, hold, release. Operators only, since plans are sold.

use turnkeep_domain::app::App;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{AppId, PlanId, TenantId};
use turnkeep_domain::plan_assignment::{AssignmentState, PlanAssignment};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_plan_assignment::decide_plan_assignment;
use turnkeep_storage::store::Reads;

use crate::audit::attributes::{app_attributes, changed};
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::{AppView, existing_app, view};
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// What to do with an app's plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanAction {
    /// Put the app on a plan; it shows in the next token.
    Assign(PlanId),
    /// Take the app off its plan: it goes on, without limits in its tokens (seed 000 §4).
    Remove,
    /// Stop the app until a payment arrives.
    Hold,
    /// The payment arrived.
    Release,
}

/// Changes an app's plan.
pub fn change_plan(
    context: &RegistryContext<'_>,
    id: AppId,
    action: PlanAction,
    if_version: Option<RecordVersion>,
) -> RegistryResult<AppView> {
    let name = action_name(action);
    context.audited(name, Some(id.to_string()), context.require_operator())?;
    mutate(context, name, Some(id.to_string()), |change| {
        let before = existing_app(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        change_assignment(context, change, before, action)
    })
}

/// What it is called in the audit trail.
pub(crate) fn action_name(action: PlanAction) -> &'static str {
    match action {
        PlanAction::Assign(_) => "app.assign_plan",
        PlanAction::Remove => "app.remove_plan",
        PlanAction::Hold => "app.hold_plan",
        PlanAction::Release => "app.release_plan",
    }
}

/// Changes an app's plan within a transaction.
pub(crate) fn change_assignment(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: App,
    action: PlanAction,
) -> RegistryResult<Done<AppView>> {
    let id = before.id;
    if let PlanAction::Assign(plan_id) = action {
        check_assignment(context, change.writes, before.tenant_id, plan_id, Some(id))?;
    }
    let plan = plan_after(before.plan, action, change.now)?;
    if plan == before.plan {
        return Ok(Done::unchanged(view(context, change.writes, before)?));
    }
    let tokens_before = match action {
        PlanAction::Hold => TokensBefore::Dead,
        PlanAction::Assign(_) | PlanAction::Remove | PlanAction::Release => TokensBefore::Live,
    };
    let scope = ChangeScope::App(context.instance_id, before.tenant_id, id);
    let sequence = change.record(scope, tokens_before)?;
    let mut after = App { plan, version: before.version.next(), ..before.clone() };
    if tokens_before == TokensBefore::Dead {
        after.tokens_dead_below = sequence;
    }
    expect_updated(change.writes.update_app(&after, before.version)?)?;
    let changes = changed(app_attributes(&before), app_attributes(&after));
    let seen = view(context, change.writes, after)?;
    Ok(Done::of(id, seen).in_tenant(before.tenant_id).changes(changes))
}

fn plan_after(
    before: Option<PlanAssignment>,
    action: PlanAction,
    now: Timestamp,
) -> RegistryResult<Option<PlanAssignment>> {
    let current = before.ok_or(RegistryDenial::NoPlan);
    Ok(match action {
        PlanAction::Assign(plan_id) => {
            let is_there = |present: &PlanAssignment| {
                present.plan_id == plan_id && present.state == AssignmentState::Current
            };
            let assigned = PlanAssignment { plan_id, assigned_at: now, state: AssignmentState::Current };
            Some(before.filter(is_there).unwrap_or(assigned))
        }
        PlanAction::Remove => current.map(|_| None)?,
        PlanAction::Hold => Some(match current? {
            held @ PlanAssignment { state: AssignmentState::OnHold { .. }, .. } => held,
            current => PlanAssignment { state: AssignmentState::OnHold { since: now }, ..current },
        }),
        PlanAction::Release => Some(PlanAssignment { state: AssignmentState::Current, ..current? }),
    })
}

/// Whether the app (`None`: a new one) may be put on the plan.
pub(crate) fn check_assignment<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    tenant_id: TenantId,
    plan_id: PlanId,
    app_id: Option<AppId>,
) -> RegistryResult<()> {
    let plan = reads.find_plan(context.instance_id, plan_id)?;
    let others = reads.count_apps_on_free_plans(context.instance_id, tenant_id, app_id)?;
    Ok(decide_plan_assignment(plan.as_ref(), others).map_err(RegistryDenial::PlanAssignment)?)
}

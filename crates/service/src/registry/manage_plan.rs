//! Reading and changing plans, and their life up to its end: activate, archive. Everybody may read.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::PlanId;
use turnkeep_domain::plan::{Plan, PlanLimits, PlanState, PlanTransitionError};
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::store::Reads;

use crate::audit::attributes::{changed, plan_attributes};
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// What an operator may change about a plan; `None` leaves it as it is. New limits show in the next token.
#[derive(Debug, Clone, Default)]
pub struct PlanChanges {
    /// The name.
    pub name: Option<DisplayName>,
    /// What it allows.
    pub limits: Option<PlanLimits>,
    /// How many tokens each app on it may ask for.
    pub token_requests: Option<TokenRequestLimits>,
}

/// A step in the life of a plan; the last one is [`retire_plan`](crate::registry::retire_plan::retire_plan).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanStep {
    /// Makes it assignable.
    Activate,
    /// Ends new assignments.
    Archive,
}

/// All plans of the instance. Drafts are shown to operators only.
pub fn list_plans(context: &RegistryContext<'_>) -> RegistryResult<Vec<Plan>> {
    context.require_read("plan.read", None, Permission::ReadCatalog)?;
    let mut plans = context.authority.store.read(|reads| reads.list_plans(context.instance_id))?;
    plans.retain(|plan| is_visible(context, plan));
    Ok(plans)
}

/// One plan.
pub fn find_plan(context: &RegistryContext<'_>, id: PlanId) -> RegistryResult<Plan> {
    context.require_read("plan.read", Some(&id), Permission::ReadCatalog)?;
    let plan = context.authority.store.read(|reads| reads.find_plan(context.instance_id, id))?;
    Ok(plan.filter(|plan| is_visible(context, plan)).ok_or(RegistryDenial::NotFound)?)
}

/// Changes a plan.
pub fn update_plan(
    context: &RegistryContext<'_>,
    id: PlanId,
    changes: &PlanChanges,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Plan> {
    context.audited("plan.update", Some(id.to_string()), context.require_operator())?;
    mutate(context, "plan.update", Some(id.to_string()), |change| {
        let before = existing(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        change_plan_record(context, change, &before, changes)
    })
}

/// Changes a plan within a transaction.
pub(crate) fn change_plan_record(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: &Plan,
    changes: &PlanChanges,
) -> RegistryResult<Done<Plan>> {
    let id = before.id;
    let after = Plan {
        name: changes.name.clone().unwrap_or_else(|| before.name.clone()),
        limits: changes.limits.clone().unwrap_or_else(|| before.limits.clone()),
        token_requests: changes.token_requests.unwrap_or(before.token_requests),
        ..before.clone()
    };
    if after == *before {
        return Ok(Done::unchanged(after));
    }
    let after = Plan { version: before.version.next(), ..after };
    expect_updated(change.writes.update_plan(&after, before.version)?)?;
    change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
    let changes = changed(plan_attributes(before), plan_attributes(&after));
    Ok(Done::of(id, after).changes(changes))
}

/// Moves a plan on in its life.
pub fn step_plan(
    context: &RegistryContext<'_>,
    id: PlanId,
    step: PlanStep,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Plan> {
    let action = step_name(step);
    context.audited(action, Some(id.to_string()), context.require_operator())?;
    mutate(context, action, Some(id.to_string()), |change| {
        let before = existing(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        take_step(context, change, &before, step)
    })
}

/// What a step is called in the audit trail.
pub(crate) fn step_name(step: PlanStep) -> &'static str {
    match step {
        PlanStep::Activate => "plan.activate",
        PlanStep::Archive => "plan.archive",
    }
}

/// Moves a plan on within a transaction.
pub(crate) fn take_step(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: &Plan,
    step: PlanStep,
) -> RegistryResult<Done<Plan>> {
    let id = before.id;
    let transition: fn(PlanState) -> Result<_, PlanTransitionError> = match step {
        PlanStep::Activate => PlanState::activate,
        PlanStep::Archive => PlanState::archive,
    };
    let state = transition(before.state).map_err(RegistryDenial::PlanTransition)?;
    let after = Plan { state, state_since: change.now, version: before.version.next(), ..before.clone() };
    expect_updated(change.writes.update_plan(&after, before.version)?)?;
    change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
    let changes = changed(plan_attributes(before), plan_attributes(&after));
    Ok(Done::of(id, after).changes(changes))
}

fn is_visible(context: &RegistryContext<'_>, plan: &Plan) -> bool {
    context.require_operator().is_ok() || plan.state != PlanState::Draft
}

fn existing<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    id: PlanId,
) -> RegistryResult<Plan> {
    Ok(reads.find_plan(context.instance_id, id)?.ok_or(RegistryDenial::NotFound)?)
}

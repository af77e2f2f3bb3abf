//! Reading and changing plans, and their life: activate, archive, retire. Everybody may read.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::PlanId;
use turnkeep_domain::plan::{Plan, PlanLimits, PlanState, PlanTransitionError};
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::store::Reads;

use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, expect_updated, mutate};

/// What an operator may change about a plan; `None` leaves it as it is. New limits show in the next token.
#[derive(Debug, Clone, Default)]
pub struct PlanChanges {
    /// The name.
    pub name: Option<DisplayName>,
    /// What it allows.
    pub limits: Option<PlanLimits>,
}

/// A step in the life of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanStep {
    /// Makes it assignable.
    Activate,
    /// Ends new assignments.
    Archive,
    /// Ends new assignments, stops the apps that are on it and kills their tokens.
    Retire,
}

/// All plans of the instance. Drafts are shown to operators only.
pub fn list_plans(context: &RegistryContext<'_>) -> RegistryResult<Vec<Plan>> {
    let mut plans = context.authority.store.read(|reads| reads.list_plans(context.instance_id))?;
    plans.retain(|plan| is_visible(context, plan));
    Ok(plans)
}

/// One plan.
pub fn find_plan(context: &RegistryContext<'_>, id: PlanId) -> RegistryResult<Plan> {
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
        let after = Plan {
            name: changes.name.clone().unwrap_or_else(|| before.name.clone()),
            limits: changes.limits.clone().unwrap_or_else(|| before.limits.clone()),
            version: before.version.next(),
            ..before.clone()
        };
        expect_updated(change.writes.update_plan(&after, before.version)?)?;
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let (old, new) = (format!("{:?}", before.limits), format!("{:?}", after.limits));
        Ok(Done::of(id, after.clone())
            .change("name", Some(before.name.to_string()), Some(after.name.to_string()))
            .change("limits", Some(old), Some(new)))
    })
}

/// Moves a plan on in its life.
pub fn step_plan(
    context: &RegistryContext<'_>,
    id: PlanId,
    step: PlanStep,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Plan> {
    let (action, transition): (_, fn(PlanState) -> Result<_, PlanTransitionError>) = match step {
        PlanStep::Activate => ("plan.activate", PlanState::activate),
        PlanStep::Archive => ("plan.archive", PlanState::archive),
        PlanStep::Retire => ("plan.retire", PlanState::retire),
    };
    context.audited(action, Some(id.to_string()), context.require_operator())?;
    mutate(context, action, Some(id.to_string()), |change| {
        let before = existing(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        let state = transition(before.state).map_err(RegistryDenial::PlanTransition)?;
        let after = Plan { state, version: before.version.next(), ..before.clone() };
        expect_updated(change.writes.update_plan(&after, before.version)?)?;
        let sequence = change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let mut done = Done::of(id, after);
        if state == PlanState::Retired {
            let hit = change.writes.kill_tokens_of_plan(context.instance_id, id, sequence)?;
            done = done.set("apps_stopped", hit);
        }
        Ok(done.change("state", Some(before.state.to_string()), Some(state.to_string())))
    })
}

fn is_visible(context: &RegistryContext<'_>, plan: &Plan) -> bool {
    context.own_tenant().is_none() || plan.state != PlanState::Draft
}

fn existing<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    id: PlanId,
) -> RegistryResult<Plan> {
    Ok(reads.find_plan(context.instance_id, id)?.ok_or(RegistryDenial::NotFound)?)
}

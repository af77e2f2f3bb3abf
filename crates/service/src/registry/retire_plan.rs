//! Retiring a plan: who is hit, and where they go (seeds 000 §4 and 001).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use turnkeep_domain::app::App;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::id::{AppId, PlanId, TenantId};
use turnkeep_domain::page::Page;
use turnkeep_domain::plan::{Plan, PlanPrice};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_plan_retirement::{
    AffectedApp, AppFate, AppOnPlan, PlanRetirementFacts, Successor, decide_plan_retirement,
    foresee_plan_retirement,
};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// A retirement, done or foreseen.
#[derive(Debug, Clone)]
pub struct PlanRetirement {
    /// The plan, as it is now.
    pub plan: Plan,
    /// Every app on it, oldest first, and what happens to it.
    pub affected: Vec<AffectedApp>,
}

/// Says what retiring would do, and does nothing.
pub fn foresee_retirement(
    context: &RegistryContext<'_>,
    id: PlanId,
    successor_id: Option<PlanId>,
) -> RegistryResult<PlanRetirement> {
    context.require_operator()?;
    let now = context.authority.now();
    context.authority.store.read(|reads| {
        let gathered = match Gathered::from(context, reads, id, successor_id)? {
            Ok(gathered) => gathered,
            Err(denial) => return Ok(Err(denial.into())),
        };
        let foreseen = foresee_plan_retirement(&gathered.facts(now)).map_err(RegistryDenial::PlanRetirement);
        Ok(foreseen.map(|affected| PlanRetirement { plan: gathered.plan, affected }).map_err(Into::into))
    })?
}

/// Retires a plan. With a successor its apps move there in the same change, or nothing happens; without one they
/// get no token any more, and those they have are dead.
pub fn retire_plan(
    context: &RegistryContext<'_>,
    id: PlanId,
    successor_id: Option<PlanId>,
    if_version: Option<RecordVersion>,
) -> RegistryResult<PlanRetirement> {
    const ACTION: &str = "plan.retire";
    context.audited(ACTION, Some(id.to_string()), context.require_operator())?;
    mutate(context, ACTION, Some(id.to_string()), |change| {
        let gathered = Gathered::from(context, change.writes, id, successor_id)??;
        let before = gathered.plan.clone();
        check_version(before.version, if_version)?;
        let affected =
            decide_plan_retirement(&gathered.facts(change.now)).map_err(RegistryDenial::PlanRetirement)?;
        let state = before.state.retire().map_err(RegistryDenial::PlanTransition)?;
        let after = Plan { state, state_since: change.now, version: before.version.next(), ..before.clone() };
        expect_updated(change.writes.update_plan(&after, before.version)?)?;
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let (moved, stopped) = apply(change, &gathered.apps, &affected)?;
        Ok(Done::of(id, PlanRetirement { plan: after, affected })
            .change("state", Some(before.state.to_string()), Some(state.to_string()))
            .change("successor_plan_id", None, successor_id.map(|id| id.to_string()))
            .change("apps_moved", None, (0 < moved).then(|| moved.to_string()))
            .change("apps_stopped", None, (0 < stopped).then(|| stopped.to_string())))
    })
}

/// Everything the decision is about, read in one transaction.
struct Gathered {
    plan: Plan,
    successor: Option<Option<Plan>>,
    apps: Vec<App>,
    on_plan: Vec<AppOnPlan>,
    other_free_apps: BTreeMap<TenantId, u32>,
}

impl Gathered {
    fn from<R: Reads + ?Sized>(
        context: &RegistryContext<'_>,
        reads: &mut R,
        id: PlanId,
        successor_id: Option<PlanId>,
    ) -> StoreResult<Result<Self, RegistryDenial>> {
        let instance_id = context.instance_id;
        let Some(plan) = reads.find_plan(instance_id, id)? else {
            return Ok(Err(RegistryDenial::NotFound));
        };
        let successor = match successor_id {
            Some(successor_id) => Some(reads.find_plan(instance_id, successor_id)?),
            None => None,
        };
        let apps = apps_on(context, reads, id)?;
        let on_plan: Vec<AppOnPlan> = apps
            .iter()
            .filter_map(|app| {
                let assignment = app.plan?;
                Some(AppOnPlan { app_id: app.id, tenant_id: app.tenant_id, assignment })
            })
            .collect();
        let mut other_free_apps = BTreeMap::new();
        for app in &on_plan {
            if let Entry::Vacant(uncounted) = other_free_apps.entry(app.tenant_id) {
                uncounted.insert(reads.count_apps_on_free_plans(instance_id, app.tenant_id, None)?);
            }
        }
        if plan.price == PlanPrice::Free {
            for app in &on_plan {
                if let Some(free) = other_free_apps.get_mut(&app.tenant_id) {
                    *free = free.saturating_sub(1);
                }
            }
        }
        Ok(Ok(Self { plan, successor, apps, on_plan, other_free_apps }))
    }

    fn facts(&self, now: Timestamp) -> PlanRetirementFacts<'_> {
        PlanRetirementFacts {
            plan: &self.plan,
            successor: match &self.successor {
                None => Successor::Nothing,
                Some(None) => Successor::Unknown,
                Some(Some(plan)) => Successor::Plan(plan),
            },
            apps: &self.on_plan,
            other_free_apps: &self.other_free_apps,
            now,
        }
    }
}

fn apps_on<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    plan_id: PlanId,
) -> StoreResult<Vec<App>> {
    let filter = AppFilter { plan_id: Some(plan_id), ..AppFilter::default() };
    let mut apps: Vec<App> = Vec::new();
    let mut page = Page::first(Page::<AppId>::MAX_LIMIT);
    loop {
        let some = reads.list_apps_of_instance(context.instance_id, &filter, &page)?;
        let Some(last) = some.last() else {
            return Ok(apps);
        };
        page = Page::after(last.id, Page::<AppId>::MAX_LIMIT);
        apps.extend(some);
    }
}

/// Moves and stops; returns how many of each. Each is a change of its own to whoever follows the change log.
fn apply(change: &mut Change<'_>, apps: &[App], affected: &[AffectedApp]) -> RegistryResult<(u32, u32)> {
    let (mut moved, mut stopped) = (0, 0);
    for (app, affected) in apps.iter().zip(affected) {
        let scope = ChangeScope::App(app.instance_id, app.tenant_id, app.id);
        let after = match affected.fate {
            AppFate::Moves(assignment) => {
                moved += 1;
                change.record(scope, TokensBefore::Live)?;
                App { plan: Some(assignment), version: app.version.next(), ..app.clone() }
            }
            AppFate::Stops | AppFate::FreePlanTaken => {
                stopped += 1;
                App { tokens_dead_below: change.record(scope, TokensBefore::Dead)?, ..app.clone() }
            }
        };
        expect_updated(change.writes.update_app(&after, app.version)?)?;
    }
    Ok((moved, stopped))
}

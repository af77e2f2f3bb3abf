//! Retiring a plan: who is hit, and where they go (seeds 000 §4 and 001).

use std::collections::{BTreeMap, BTreeSet};

use turnkeep_domain::app::App;
use turnkeep_domain::audit::AttributeChange;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::id::{AppId, PlanId, TenantId};
use turnkeep_domain::plan::{Plan, PlanPrice};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_plan_retirement::{
    AffectedApp, AppFate, AppFates, AppOnPlan, PlanRetirementFacts, Successor, count_fates,
    decide_plan_retirement, foresee_plan_retirement,
};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::Reads;

use crate::audit::attributes::{app_attributes, changed, plan_attributes};
use crate::registry::apps_with::first_apps_with;
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Change, Consequence, Done, expect_updated, mutate};

/// A retirement, done or foreseen.
#[derive(Debug, Clone)]
pub struct PlanRetirement {
    /// The plan, as it is now.
    pub plan: Plan,
    /// How many apps are on it, by what happens to them.
    pub fates: AppFates,
    /// Every app on it, oldest first, and what happens to it; of those that are foreseen perhaps only the first.
    pub affected: Vec<RetiredApp>,
}

/// An app whose plan is retired, as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetiredApp {
    /// The app.
    pub app_id: AppId,
    /// Its client id.
    pub client_id: ClientId,
    /// Its name.
    pub name: DisplayName,
    /// Its tenant.
    pub tenant_id: TenantId,
    /// The name of its tenant.
    pub tenant_name: DisplayName,
    /// What happens to it.
    pub fate: AppFate,
}

/// Says what retiring would do, and does nothing. All apps are counted, and the first are named, `most` at most: only
/// these are read.
pub fn foresee_retirement(
    context: &RegistryContext<'_>,
    id: PlanId,
    successor_id: Option<PlanId>,
    most: usize,
) -> RegistryResult<PlanRetirement> {
    context.require_read("plan.foresee_retirement", Some(&id), Permission::Operate)?;
    let now = context.authority.now();
    context.read(|reads| {
        let apps_of = reads.count_apps_on_plan(context.instance_id, id)?;
        // No more is looked for than there is.
        let all: usize = apps_of.values().filter_map(|apps| usize::try_from(*apps).ok()).sum();
        let gathered = Gathered::from(context, reads, id, successor_id, most.min(all))?;
        let facts = gathered.facts(now);
        let fates = count_fates(&facts, &apps_of).map_err(RegistryDenial::PlanRetirement)?;
        let foreseen = foresee_plan_retirement(&facts).map_err(RegistryDenial::PlanRetirement)?;
        let affected = gathered.named(reads, &foreseen)?;
        Ok(PlanRetirement { plan: gathered.plan, fates, affected })
    })
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
        let gathered = Gathered::from(context, change.writes, id, successor_id, usize::MAX)?;
        let before = gathered.plan.clone();
        check_version(before.version, if_version)?;
        let affected =
            decide_plan_retirement(&gathered.facts(change.now)).map_err(RegistryDenial::PlanRetirement)?;
        let named = gathered.named(change.writes, &affected)?;
        let state = before.state.retire().map_err(RegistryDenial::PlanTransition)?;
        let after = Plan { state, state_since: change.now, version: before.version.next(), ..before.clone() };
        expect_updated(change.writes.update_plan(&after, before.version)?)?;
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let consequences = apply(change, &gathered.apps, &affected, &before, &after)?;
        let fates = AppFates::of(&affected);
        let (moved, stopped) = (fates.move_on, fates.stop);
        Ok(Done::of(id, PlanRetirement { plan: after, fates, affected: named })
            .consequences(consequences)
            .change("state", Some(before.state.to_string()), Some(state.to_string()))
            .change("successor_plan_id", None, successor_id.map(|id| id.to_string()))
            .change("apps_moved", None, (0 < moved).then(|| moved.to_string()))
            .change("apps_stopped", None, (0 < stopped).then(|| stopped.to_string())))
    })
}

/// What the decision is about, read in one transaction: all apps on the plan, or the first of them.
struct Gathered {
    plan: Plan,
    successor: Option<Option<Plan>>,
    apps: Vec<App>,
    assigned: Vec<AppOnPlan>,
    other_free_apps: BTreeMap<TenantId, u32>,
}

impl Gathered {
    fn from<R: Reads + ?Sized>(
        context: &RegistryContext<'_>,
        reads: &mut R,
        id: PlanId,
        successor_id: Option<PlanId>,
        most: usize,
    ) -> RegistryResult<Self> {
        let instance_id = context.instance_id;
        let plan = reads.find_plan(instance_id, id)?.ok_or(RegistryDenial::NotFound)?;
        let successor = match successor_id {
            Some(successor_id) => Some(reads.find_plan(instance_id, successor_id)?),
            None => None,
        };
        let on_plan = AppFilter { plan_id: Some(id), ..AppFilter::default() };
        let apps = first_apps_with(reads, instance_id, &on_plan, most)?;
        let assigned: Vec<AppOnPlan> = apps
            .iter()
            .filter_map(|app| {
                let assignment = app.plan?;
                Some(AppOnPlan { app_id: app.id, tenant_id: app.tenant_id, assignment })
            })
            .collect();
        let is_free = |plan: &Plan| plan.price == PlanPrice::Free;
        let mut other_free_apps = BTreeMap::new();
        // Only a free successor asks who else is on a free plan.
        if successor.as_ref().is_some_and(|plan| plan.as_ref().is_some_and(is_free)) {
            for other in
                reads.list_plans(instance_id)?.iter().filter(|other| is_free(other) && other.id != id)
            {
                for (tenant_id, apps) in reads.count_apps_on_plan(instance_id, other.id)? {
                    let count: &mut u32 = other_free_apps.entry(tenant_id).or_default();
                    *count = count.saturating_add(apps);
                }
            }
        }
        Ok(Self { plan, successor, apps, assigned, other_free_apps })
    }

    fn facts(&self, now: Timestamp) -> PlanRetirementFacts<'_> {
        PlanRetirementFacts {
            plan: &self.plan,
            successor: match &self.successor {
                None => Successor::Nothing,
                Some(None) => Successor::Unknown,
                Some(Some(plan)) => Successor::Plan(plan),
            },
            apps: &self.assigned,
            other_free_apps: &self.other_free_apps,
            now,
        }
    }

    /// The affected apps, which are the gathered ones, with the names that people know them by.
    fn named<R: Reads + ?Sized>(
        &self,
        reads: &mut R,
        affected: &[AffectedApp],
    ) -> StoreResult<Vec<RetiredApp>> {
        let tenant_ids: BTreeSet<TenantId> = affected.iter().map(|app| app.tenant_id).collect();
        let tenant_ids: Vec<TenantId> = tenant_ids.into_iter().collect();
        let found = reads.find_tenants(self.plan.instance_id, &tenant_ids)?;
        let names: BTreeMap<TenantId, DisplayName> =
            found.into_iter().map(|tenant| (tenant.id, tenant.name)).collect();
        let missing = || StoreError::Corrupt { table: "apps", column: "tenant_id" };
        let named = |(app, affected): (&App, &AffectedApp)| {
            Ok(RetiredApp {
                app_id: app.id,
                client_id: app.client_id.clone(),
                name: app.settings.name.clone(),
                tenant_id: app.tenant_id,
                tenant_name: names.get(&app.tenant_id).ok_or_else(missing)?.clone(),
                fate: affected.fate,
            })
        };
        self.apps.iter().zip(affected).map(named).collect()
    }
}

/// Moves and stops. Each is a change of its own to whoever follows the change log, and an event of its own in the trail
/// of the app's tenant.
fn apply(
    change: &mut Change<'_>,
    apps: &[App],
    affected: &[AffectedApp],
    before: &Plan,
    after: &Plan,
) -> RegistryResult<Vec<Consequence>> {
    let mut consequences = Vec::with_capacity(apps.len());
    for (app, affected) in apps.iter().zip(affected) {
        let scope = ChangeScope::App(app.instance_id, app.tenant_id, app.id);
        let (action, applied, changes) = match affected.fate {
            AppFate::Moves(assignment) => {
                change.record(scope, TokensBefore::Live)?;
                let moved = App { plan: Some(assignment), version: app.version.next(), ..app.clone() };
                let changes = changed(app_attributes(app), app_attributes(&moved));
                ("app.assign_plan", moved, changes)
            }
            AppFate::Stops | AppFate::FreePlanTaken => {
                let stopped =
                    App { tokens_dead_below: change.record(scope, TokensBefore::Dead)?, ..app.clone() };
                ("app.plan_retired", stopped, retired(before, after))
            }
        };
        expect_updated(change.writes.update_app(&applied, app.version)?)?;
        let (object, tenant_id) = (app.id.to_string(), app.tenant_id);
        consequences.push(Consequence { action, object, tenant_id, changes });
    }
    Ok(consequences)
}

/// What an app's tenant is told of its plan.
fn retired(before: &Plan, after: &Plan) -> Vec<AttributeChange> {
    let state = changed(plan_attributes(before), plan_attributes(after))
        .into_iter()
        .filter(|change| change.attribute == "state")
        .map(|change| AttributeChange { attribute: "plan_state", ..change });
    let id =
        AttributeChange { attribute: "retired_plan_id", before: None, after: Some(before.id.to_string()) };
    state.chain(std::iter::once(id)).collect()
}

//! What all apps of a tenant have used together, and which of them come to their limits first.

use std::cmp::Reverse;
use std::collections::HashMap;

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, InstanceId, PlanId, TenantId};
use turnkeep_domain::plan::Plan;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::UsedByWindow;
use turnkeep_policy::judge_usage::{judge_usage, nearest_share};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::manage_tenant::existing_tenant;
use crate::usage::show_usage::{AppUsage, HISTORY_AT_ONCE, PastWindow, UsageHistory};

/// How many apps are shown at most.
pub const APPS_AT_ONCE: usize = 200;

/// What a tenant used in the windows of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantUsage {
    /// The sums of all its apps, those that are gone included.
    pub used: UsedByWindow,
    /// The apps that used anything in these windows, nearest to a limit first, and no more than were asked for.
    pub apps: Vec<NamedUsage>,
    /// How many apps used anything in these windows.
    pub apps_with_usage: usize,
    /// The moment.
    pub at: Timestamp,
}

/// The usage of an app with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedUsage {
    /// Its name; `None` if it is gone.
    pub name: Option<DisplayName>,
    /// Its usage.
    pub usage: AppUsage,
}

/// The usage of a tenant that the caller reaches, with so many of its apps, [`APPS_AT_ONCE`] at most. Only these are
/// read; of the others there are sums.
pub fn usage_of_tenant(
    context: &RegistryContext<'_>,
    id: TenantId,
    most: usize,
) -> RegistryResult<TenantUsage> {
    context.require_read("usage.read", Some(&id), Permission::ReadApps)?;
    let now = context.authority.now();
    context.read(|reads| {
        let tenant = existing_tenant(context, reads, id)?;
        Ok(read(reads, context.instance_id, tenant.id, most.min(APPS_AT_ONCE), now)?)
    })
}

/// What all apps of a tenant that the caller reaches used together in past windows, the oldest first, and no more than
/// [`HISTORY_AT_ONCE`]; windows in which nothing was used are left out.
pub fn usage_history_of_tenant(
    context: &RegistryContext<'_>,
    id: TenantId,
    history: &UsageHistory,
) -> RegistryResult<Vec<PastWindow>> {
    context.require_read("usage.read", Some(&id), Permission::ReadApps)?;
    let (from, to) = history.range(context.authority.now());
    let counts = context.read(|reads| {
        let tenant = existing_tenant(context, reads, id)?;
        Ok(reads.list_usage_of_tenant(tenant.id, history.window, from, to, HISTORY_AT_ONCE)?)
    })?;
    Ok(counts.into_iter().map(PastWindow::from).collect())
}

fn read<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    tenant_id: TenantId,
    most: usize,
    now: Timestamp,
) -> StoreResult<TenantUsage> {
    let used_by = reads.used_by_apps_of(tenant_id, now)?;
    let mut sum = UsedByWindow::default();
    for (_, used) in &used_by {
        sum.add_all(used);
    }
    let apps_with_usage = used_by.len();
    let plans = PlansOfApps::read(reads, instance_id, tenant_id)?;
    let shown = nearest_to_a_limit(used_by, &plans, most);
    let ids: Vec<AppId> = shown.iter().map(|(id, _)| *id).collect();
    let found = reads.list_reported_apps(instance_id, &ids)?;
    let of_tenant = found.into_iter().filter(|app| app.tenant_id == tenant_id);
    let mut names: HashMap<AppId, DisplayName> = of_tenant.map(|app| (app.id, app.settings.name)).collect();
    let named = |(app_id, used): (AppId, UsedByWindow)| {
        let plan = plans.of(app_id);
        let judgement = judge_usage(&used, plan.map(|plan| &plan.limits.document_units));
        let usage = AppUsage { app_id, plan: plan.map(|plan| plan.code.clone()), judgement, at: now };
        NamedUsage { name: names.remove(&app_id), usage }
    };
    Ok(TenantUsage { used: sum, apps: shown.into_iter().map(named).collect(), apps_with_usage, at: now })
}

/// Which plan each app of a tenant is on.
struct PlansOfApps {
    of_apps: HashMap<AppId, PlanId>,
    plans: HashMap<PlanId, Plan>,
}

impl PlansOfApps {
    fn read<R: Reads + ?Sized>(
        reads: &mut R,
        instance_id: InstanceId,
        tenant_id: TenantId,
    ) -> StoreResult<Self> {
        let plans = reads.list_plans(instance_id)?.into_iter().map(|plan| (plan.id, plan)).collect();
        Ok(Self { of_apps: reads.list_plans_of_apps(instance_id, tenant_id)?, plans })
    }

    fn of(&self, app_id: AppId) -> Option<&Plan> {
        self.plans.get(self.of_apps.get(&app_id)?)
    }
}

/// So many apps, first the one that used the most of its binding limit; without a limit an app comes last.
fn nearest_to_a_limit(
    used_by: Vec<(AppId, UsedByWindow)>,
    plans: &PlansOfApps,
    most: usize,
) -> Vec<(AppId, UsedByWindow)> {
    let rank = |(app_id, used): (AppId, UsedByWindow)| {
        let limits = plans.of(app_id).map(|plan| &plan.limits.document_units);
        (Reverse(limits.and_then(|limits| nearest_share(&used, limits))), app_id, used)
    };
    let mut ranked: Vec<_> = used_by.into_iter().map(rank).collect();
    ranked.sort_unstable_by_key(|(share, app_id, _)| (*share, *app_id));
    ranked.truncate(most);
    ranked.into_iter().map(|(_, app_id, used)| (app_id, used)).collect()
}

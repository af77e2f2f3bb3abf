//! What all apps of a tenant have used together, and which of them come to their limits first.

use std::collections::HashMap;

use turnkeep_domain::app::App;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, PlanId, TenantId};
use turnkeep_domain::plan::Plan;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::UsedByWindow;
use turnkeep_policy::judge_usage::{Percent, judge_usage};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::usage::show_usage::AppUsage;

/// How many apps are shown at most.
pub const APPS_AT_ONCE: usize = 200;

/// What a tenant used in the windows of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantUsage {
    /// The sums of all its apps, those that are gone included.
    pub used: UsedByWindow,
    /// The apps that used anything in these windows, nearest to a limit first, and no more than [`APPS_AT_ONCE`].
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

/// The usage of a tenant that the caller reaches.
pub fn usage_of_tenant(context: &RegistryContext<'_>, id: TenantId) -> RegistryResult<TenantUsage> {
    context.require_read("usage.read", Some(&id), Permission::ReadApps)?;
    let id = context.reachable(id)?;
    let now = context.authority.now();
    let usage = context.authority.store.read(|reads| {
        if reads.find_tenant(context.instance_id, id)?.is_none() {
            return Ok(None);
        }
        read(reads, context, id, now).map(Some)
    })?;
    usage.ok_or_else(|| RegistryDenial::NotFound.into())
}

fn read<R: Reads + ?Sized>(
    reads: &mut R,
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    now: Timestamp,
) -> StoreResult<TenantUsage> {
    let used_by = reads.used_by_apps_of(tenant_id, now)?;
    let ids: Vec<AppId> = used_by.iter().map(|(id, _)| *id).collect();
    let apps = reads.list_reported_apps(context.instance_id, &ids)?;
    let apps: HashMap<AppId, App> =
        apps.into_iter().filter(|app| app.tenant_id == tenant_id).map(|app| (app.id, app)).collect();
    let plans: HashMap<PlanId, Plan> =
        reads.list_plans(context.instance_id)?.into_iter().map(|plan| (plan.id, plan)).collect();
    let mut sum = UsedByWindow::default();
    let mut usages = Vec::with_capacity(used_by.len());
    for (app_id, used) in used_by {
        sum.add_all(&used);
        let app = apps.get(&app_id);
        let plan = app.and_then(|app| plans.get(&app.plan?.plan_id));
        let judgement = judge_usage(&used, plan.map(|plan| &plan.limits.document_units));
        let usage = AppUsage { app_id, plan: plan.map(|plan| plan.code.clone()), judgement, at: now };
        usages.push(NamedUsage { name: app.map(|app| app.settings.name.clone()), usage });
    }
    usages.sort_by_key(|named| (std::cmp::Reverse(nearest(named)), named.usage.app_id));
    let apps_with_usage = usages.len();
    usages.truncate(APPS_AT_ONCE);
    Ok(TenantUsage { used: sum, apps: usages, apps_with_usage, at: now })
}

/// What of its binding limit is used; nothing without one.
fn nearest(named: &NamedUsage) -> Option<Percent> {
    named.usage.judgement.windows.iter().filter_map(|one| Some(one.limited?.percent)).max()
}

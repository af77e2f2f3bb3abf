//! The apps of a tenant by what they used.

use turnkeep_console::parts::amount::grouped;
use turnkeep_console::parts::usage_table::{UsageOfApp, UsageTable};
use turnkeep_domain::id::TenantId;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_policy::judge_usage::WindowUsage;
use turnkeep_service::usage::tenant_usage::{NamedUsage, TenantUsage};

use super::gauges::alarm;
use crate::account::paths::PagePaths;

/// Nearest to a limit first.
pub(crate) fn usage_table(paths: &PagePaths, tenant_id: TenantId, usage: &TenantUsage) -> UsageTable {
    let rows: Vec<UsageOfApp> = usage.apps.iter().map(|named| row(paths, tenant_id, named)).collect();
    let left_out = usage.apps_with_usage.saturating_sub(rows.len());
    let rest = match left_out {
        0 => None,
        1 => Some("One more app used something.".to_owned()),
        more => Some(format!("{} more apps used something.", grouped(more))),
    };
    UsageTable { rows, rest }
}

fn row(paths: &PagePaths, tenant_id: TenantId, named: &NamedUsage) -> UsageOfApp {
    let NamedUsage { name, usage } = named;
    let judgement = &usage.judgement;
    let of = |window| judgement.windows.iter().find(|one| one.window == window);
    let used = |window| of(window).map_or(0, |one: &WindowUsage| one.used);
    let nearest = judgement.binding.and_then(of).and_then(|one| Some((one.window, one.limited?)));
    UsageOfApp {
        name: name.as_ref().map_or_else(|| "An app that is gone".to_owned(), ToString::to_string),
        path: name.as_ref().map(|_| paths.app(tenant_id, usage.app_id, "/usage")),
        plan: usage.plan.as_ref().map(ToString::to_string),
        units: [UsageWindow::Hour, UsageWindow::Day, UsageWindow::Month].map(used),
        nearest: nearest.map(|(window, limited)| {
            format!("{} % of {} per {window}", limited.percent, grouped(limited.limit))
        }),
        alarm: nearest.and_then(|(_, limited)| alarm(limited.status)),
    }
}

//! Usage as the API shows it.

use turnkeep_domain::id::TenantId;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_policy::judge_usage::{Percent, UsageStatus, WindowUsage};
use turnkeep_protocol::management::usage::{
    AppUsageSummaryResponse, PastUsageResponse, TenantUsageResponse, UsageResponse, UsageWindowResponse,
    UsedInWindowResponse,
};
use turnkeep_protocol::rfc3339::format_utc;
use turnkeep_service::usage::show_usage::{AppUsage, PastWindow};
use turnkeep_service::usage::tenant_usage::{NamedUsage, TenantUsage};

/// The usage of an app.
pub(super) fn show_usage(usage: &AppUsage, history: Option<&[PastWindow]>) -> UsageResponse {
    let judgement = &usage.judgement;
    UsageResponse {
        app_id: usage.app_id.to_string(),
        plan: usage.plan.as_ref().map(ToString::to_string),
        status: judgement.status.map(status_text),
        binding_window: judgement.binding.map(window_text),
        windows: judgement.windows.iter().map(|one| show_window(one, usage)).collect(),
        history: history.map(|past| past.iter().map(show_past).collect()),
    }
}

/// The usage of a tenant.
pub(super) fn show_tenant_usage(id: TenantId, usage: &TenantUsage) -> TenantUsageResponse {
    let windows = UsageWindow::ALL.into_iter().map(|window| {
        let span = window.span_at(usage.at);
        UsedInWindowResponse {
            window: window_text(window),
            used: usage.used.of(window),
            starts_at: format_utc(span.starts_at),
            resets_at: format_utc(span.resets_at),
        }
    });
    TenantUsageResponse {
        tenant_id: id.to_string(),
        windows: windows.collect(),
        apps_with_usage: usage.apps_with_usage,
        apps: usage.apps.iter().map(summarise).collect(),
    }
}

fn summarise(named: &NamedUsage) -> AppUsageSummaryResponse {
    let (usage, judgement) = (&named.usage, &named.usage.judgement);
    let binding = judgement.windows.iter().find(|one| Some(one.window) == judgement.binding);
    let month = judgement.windows.iter().find(|one| one.window == UsageWindow::Month);
    AppUsageSummaryResponse {
        app_id: usage.app_id.to_string(),
        name: named.name.as_ref().map(ToString::to_string),
        plan: usage.plan.as_ref().map(ToString::to_string),
        status: judgement.status.map(status_text),
        binding_window: judgement.binding.map(window_text),
        percent: binding.and_then(|one| Some(percent_number(one.limited?.percent))),
        used_this_month: month.map_or(0, |one| one.used),
    }
}

fn show_window(one: &WindowUsage, usage: &AppUsage) -> UsageWindowResponse {
    let span = one.window.span_at(usage.at);
    UsageWindowResponse {
        window: window_text(one.window),
        used: one.used,
        limit: one.limited.map(|limited| limited.limit),
        percent: one.limited.map(|limited| percent_number(limited.percent)),
        status: one.limited.map(|limited| status_text(limited.status)),
        starts_at: format_utc(span.starts_at),
        resets_at: format_utc(span.resets_at),
    }
}

fn show_past(past: &PastWindow) -> PastUsageResponse {
    PastUsageResponse { starts_at: format_utc(past.starts_at), used: past.units }
}

fn window_text(window: UsageWindow) -> String {
    window.as_str().to_owned()
}

fn status_text(status: UsageStatus) -> String {
    status.as_str().to_owned()
}

/// As JSON has it. What is more than four hundred million percent is shown as that.
fn percent_number(percent: Percent) -> f64 {
    f64::from(u32::try_from(percent.tenths()).unwrap_or(u32::MAX)) / 10.0
}

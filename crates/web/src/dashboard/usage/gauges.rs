//! Present windows as gauges.

use turnkeep_console::parts::gauge::{Gauge, GaugeLimit};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::UsedByWindow;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_policy::judge_usage::{LimitedUsage, Percent, UsageJudgement, UsageStatus};

use crate::dashboard::shown::moment;

/// What an app used in the windows that a moment lies in, against the limits of its plan.
pub(crate) fn gauges_of_app(judgement: &UsageJudgement, at: Timestamp) -> Vec<Gauge> {
    let limited = |usage: LimitedUsage| GaugeLimit {
        limit: usage.limit,
        percent: usage.percent.to_string(),
        alarm: alarm(usage.status),
    };
    judgement.windows.iter().map(|one| gauge(one.window, one.used, one.limited.map(limited), at)).collect()
}

/// What all apps of a tenant used together; limits are those of each app.
pub(crate) fn gauges_of_tenant(used: &UsedByWindow, at: Timestamp) -> Vec<Gauge> {
    UsageWindow::ALL.into_iter().map(|window| gauge(window, used.of(window), None, at)).collect()
}

/// How many apps there are of those that there may be.
pub(crate) fn gauge_of_apps(count: u32, limit: u32) -> Gauge {
    let percent = Percent::of(count.into(), limit.into());
    Gauge {
        id: "app-limit".into(),
        label: "Apps".into(),
        unit: "apps".into(),
        used: count.into(),
        limited: Some(GaugeLimit {
            limit: limit.into(),
            percent: percent.to_string(),
            alarm: (limit <= count).then_some("limit reached"),
        }),
        resets_at: None,
    }
}

/// What to say of usage that deserves a look.
pub(super) fn alarm(status: UsageStatus) -> Option<&'static str> {
    (status != UsageStatus::Healthy).then(|| status.as_str())
}

fn gauge(window: UsageWindow, used: u64, limited: Option<GaugeLimit>, at: Timestamp) -> Gauge {
    Gauge {
        id: format!("used-{window}").into(),
        label: match window {
            UsageWindow::Hour => "This hour",
            UsageWindow::Day => "Today (UTC)",
            UsageWindow::Week => "This week",
            UsageWindow::Month => "This month",
        }
        .into(),
        unit: "Document Units".into(),
        used,
        limited,
        resets_at: Some(moment(window.span_at(at).resets_at)),
    }
}

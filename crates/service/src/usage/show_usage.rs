//! What an app has used and what of its limits that is: for the app itself, and for whoever may see the app.

use std::time::Duration;

use turnkeep_domain::app::App;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::AppId;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_policy::judge_usage::{UsageJudgement, judge_usage};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;
use turnkeep_storage::usage::UsageCount;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;

/// How many past windows are shown at most.
pub const HISTORY_AT_ONCE: u32 = 1_000;

/// The usage of an app in the windows of a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppUsage {
    /// The app.
    pub app_id: AppId,
    /// The code of its plan, if it has one.
    pub plan: Option<Slug>,
    /// What it used, and what that means.
    pub judgement: UsageJudgement,
    /// The moment.
    pub at: Timestamp,
}

/// Which past windows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageHistory {
    /// Their kind.
    pub window: UsageWindow,
    /// From the first that starts then or later; `None` for as far back as there are some to be shown.
    pub from: Option<Timestamp>,
    /// To the last that starts before; `None` for the present one.
    pub to: Option<Timestamp>,
}

impl UsageHistory {
    /// The windows that are shown where nobody says which.
    #[must_use]
    pub const fn recent(window: UsageWindow) -> Self {
        Self { window, from: None, to: None }
    }

    /// From when to when, exclusively.
    pub(crate) fn range(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let to = self.to.unwrap_or_else(|| self.window.span_at(now).resets_at);
        (self.from.unwrap_or_else(|| to.minus(shown_by_default(self.window))), to)
    }
}

/// What an app, or a whole tenant, used in a past window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastWindow {
    /// The first moment of it.
    pub starts_at: Timestamp,
    /// Units used in it.
    pub units: u64,
}

impl From<UsageCount> for PastWindow {
    fn from(count: UsageCount) -> Self {
        Self { starts_at: count.starts_at, units: count.units }
    }
}

/// The usage of an app, with past windows in which it used anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownUsage {
    /// The present.
    pub usage: AppUsage,
    /// The past, one list for each that was wanted: the oldest window first, and no more than [`HISTORY_AT_ONCE`].
    pub histories: Vec<Vec<PastWindow>>,
}

/// The usage of the calling app. Who calls was authenticated as an app, by any of its tokens.
pub fn own_usage(context: &RegistryContext<'_>, histories: &[UsageHistory]) -> RegistryResult<ShownUsage> {
    let Actor::App(id) = context.caller.actor else {
        return Err(RegistryDenial::NotFound.into());
    };
    let now = context.authority.now();
    context.read(|reads| {
        let tenant_id = reads.find_tenant_of_app(context.instance_id, id)?.ok_or(RegistryDenial::NotFound)?;
        let app = reads.find_app(context.instance_id, tenant_id, id)?.ok_or(RegistryDenial::NotFound)?;
        Ok(show(reads, &app, histories, now)?)
    })
}

/// The usage of an app that the caller may see.
pub fn usage_of_app(
    context: &RegistryContext<'_>,
    id: AppId,
    histories: &[UsageHistory],
) -> RegistryResult<ShownUsage> {
    context.require_read("usage.read", Some(&id), Permission::ReadApps)?;
    let now = context.authority.now();
    context.read(|reads| {
        let app = existing_app(context, reads, id)?;
        Ok(show(reads, &app, histories, now)?)
    })
}

fn show<R: Reads + ?Sized>(
    reads: &mut R,
    app: &App,
    histories: &[UsageHistory],
    now: Timestamp,
) -> StoreResult<ShownUsage> {
    let plan = match app.plan {
        Some(assignment) => reads.find_plan(app.instance_id, assignment.plan_id)?,
        None => None,
    };
    let used = reads.used_by_app(app.tenant_id, app.id, now)?;
    let judgement = judge_usage(&used, plan.as_ref().map(|plan| &plan.limits.document_units));
    let usage = AppUsage { app_id: app.id, plan: plan.map(|plan| plan.code), judgement, at: now };
    let histories = histories.iter().map(|wanted| {
        let (from, to) = wanted.range(now);
        let counts = reads.list_usage(app.tenant_id, app.id, wanted.window, from, to, HISTORY_AT_ONCE)?;
        Ok(counts.into_iter().map(PastWindow::from).collect())
    });
    let histories = histories.collect::<StoreResult<_>>()?;
    Ok(ShownUsage { usage, histories })
}

/// How far back a history goes that does not say it.
const fn shown_by_default(window: UsageWindow) -> Duration {
    const DAY: u64 = 86_400;
    match window {
        UsageWindow::Hour => Duration::from_secs(2 * DAY),
        UsageWindow::Day => Duration::from_secs(31 * DAY),
        UsageWindow::Week => Duration::from_secs(91 * DAY),
        UsageWindow::Month => Duration::from_secs(366 * DAY),
    }
}

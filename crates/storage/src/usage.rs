//! Usage in Document Units: what resource servers report, and what was counted of it.

use std::collections::HashMap;

use turnkeep_domain::app::App;
use turnkeep_domain::id::{AppId, InstanceId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::{UsageEvent, UsedByWindow};
use turnkeep_domain::usage_window::UsageWindow;

use crate::error::StoreResult;

/// What one reporter sent at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageReport {
    /// The instance of the reporter and of all the apps.
    pub instance_id: InstanceId,
    /// The resource server.
    pub reporter_id: AppId,
    /// When it arrived.
    pub received_at: Timestamp,
    /// The events, each with the tenant of its app.
    pub events: Vec<(TenantId, UsageEvent)>,
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordedUsage {
    /// It counts from now on.
    Counted,
    /// The reporter had used its id before, for this event. Nothing was counted.
    Known(UsageEvent),
}

/// What an app used in a past or present window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageCount {
    /// The first moment of the window.
    pub starts_at: Timestamp,
    /// Units used in it.
    pub units: u64,
}

/// Reads of usage.
pub trait UsageReads {
    /// Apps that a resource server names, of any tenant of its instance: it may report about those that use what it
    /// serves, which its caller has to check.
    fn list_reported_apps(&mut self, instance_id: InstanceId, ids: &[AppId]) -> StoreResult<Vec<App>>;
    /// What an app used in the windows that a moment lies in.
    fn used_by_app(&mut self, tenant_id: TenantId, app_id: AppId, at: Timestamp)
    -> StoreResult<UsedByWindow>;
    /// The same of several apps, each with its tenant; those that used nothing are left out.
    fn used_by_apps(
        &mut self,
        apps: &[(TenantId, AppId)],
        at: Timestamp,
    ) -> StoreResult<HashMap<AppId, UsedByWindow>>;
    /// The same of every app of a tenant that used anything in these windows, in the order of their ids. Apps that are
    /// gone are among them.
    fn used_by_apps_of(
        &mut self,
        tenant_id: TenantId,
        at: Timestamp,
    ) -> StoreResult<Vec<(AppId, UsedByWindow)>>;
    /// The windows of one kind in which an app used anything, from the first that starts at `from` or later to the last
    /// that starts before `to`; the oldest first, and no more than `limit`.
    fn list_usage(
        &mut self,
        tenant_id: TenantId,
        app_id: AppId,
        window: UsageWindow,
        from: Timestamp,
        to: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<UsageCount>>;
    /// The same of all apps of a tenant together, those that are gone included.
    fn list_usage_of_tenant(
        &mut self,
        tenant_id: TenantId,
        window: UsageWindow,
        from: Timestamp,
        to: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<UsageCount>>;
}

/// Counting. It changes nobody's access, so it is bookkeeping.
pub trait UsageWrites {
    /// Counts the events whose ids are new to the reporter, each in the windows of its own time, and says of every event
    /// what became of it. Of several with one id the first counts. However often, in whatever order and by however many
    /// at once a report is recorded, each event is counted once.
    fn record_usage(&mut self, report: &UsageReport) -> StoreResult<Vec<RecordedUsage>>;
    /// Forgets events that were received before; what they counted stays. Returns how many.
    fn purge_usage_events(&mut self, received_before: Timestamp) -> StoreResult<u32>;
    /// Removes the sums of windows of one kind that started before; returns how many.
    fn purge_usage_counts(&mut self, window: UsageWindow, started_before: Timestamp) -> StoreResult<u32>;
}

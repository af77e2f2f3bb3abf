//! Rows of `usage_events` and `usage_counts`.

use diesel::prelude::*;
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::{UsageEvent, UsageEventId, UsedUnits};
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::usage::{UsageCount, UsageReport};

use super::cell::{Cell, cell};
use crate::schema::{usage_counts, usage_events};

#[derive(Insertable)]
#[diesel(table_name = usage_events)]
pub(crate) struct NewUsageEventRow {
    instance_id: Vec<u8>,
    reporter_id: Vec<u8>,
    event_id: String,
    app_id: Vec<u8>,
    units: i64,
    occurred_at: i64,
    received_at: i64,
}

impl NewUsageEventRow {
    pub(crate) fn new(report: &UsageReport, event: &UsageEvent) -> Self {
        Self {
            instance_id: report.instance_id.as_bytes().to_vec(),
            reporter_id: report.reporter_id.as_bytes().to_vec(),
            event_id: event.id.as_str().to_owned(),
            app_id: event.app_id.as_bytes().to_vec(),
            units: stored_units(event.units.get()),
            occurred_at: event.occurred_at.as_micros(),
            received_at: report.received_at.as_micros(),
        }
    }
}

/// What of an event is read again.
#[derive(Queryable, Selectable)]
#[diesel(table_name = usage_events)]
pub(crate) struct UsageEventRow {
    event_id: String,
    app_id: Vec<u8>,
    units: i64,
    occurred_at: i64,
}

impl UsageEventRow {
    pub(crate) fn into_domain(self) -> StoreResult<UsageEvent> {
        Ok(UsageEvent {
            id: event("event_id").valid(UsageEventId::parse(&self.event_id))?,
            app_id: AppId::from_bytes(event("app_id").bytes(&self.app_id)?),
            units: event("units").valid(UsedUnits::new(event("units").number(self.units)?))?,
            occurred_at: Timestamp::from_micros(self.occurred_at),
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = usage_counts)]
pub(crate) struct UsageCountRow {
    tenant_id: Vec<u8>,
    app_id: Vec<u8>,
    window_kind: &'static str,
    starts_at: i64,
    units: i64,
}

impl UsageCountRow {
    pub(crate) fn new(
        tenant_id: TenantId,
        app_id: AppId,
        window: UsageWindow,
        starts_at: Timestamp,
        units: u64,
    ) -> Self {
        Self {
            tenant_id: tenant_id.as_bytes().to_vec(),
            app_id: app_id.as_bytes().to_vec(),
            window_kind: window.as_str(),
            starts_at: starts_at.as_micros(),
            units: stored_units(units),
        }
    }
}

const fn event(column: &'static str) -> Cell {
    cell("usage_events", column)
}

const fn count(column: &'static str) -> Cell {
    cell("usage_counts", column)
}

pub(crate) fn read_units(units: i64) -> StoreResult<u64> {
    count("units").number(units)
}

pub(crate) fn read_app_id(app_id: &[u8]) -> StoreResult<AppId> {
    Ok(AppId::from_bytes(count("app_id").bytes(app_id)?))
}

pub(crate) fn read_tenant_id(tenant_id: &[u8]) -> StoreResult<TenantId> {
    Ok(TenantId::from_bytes(count("tenant_id").bytes(tenant_id)?))
}

pub(crate) fn read_count((starts_at, units): (i64, i64)) -> StoreResult<UsageCount> {
    Ok(UsageCount { starts_at: Timestamp::from_micros(starts_at), units: read_units(units)? })
}

/// Units never exceed 2^53.
fn stored_units(units: u64) -> i64 {
    i64::try_from(units).unwrap_or(i64::MAX)
}

//! Queries of usage in Document Units.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use turnkeep_domain::app::App;
use turnkeep_domain::id::{AppId, InstanceId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::{UsageEvent, UsedByWindow, UsedUnits};
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::usage::{RecordedUsage, UsageCount, UsageReads, UsageReport, UsageWrites};

use crate::connection::AnyConnection;
use crate::per_backend::{count, insert_new};
use crate::records::app::AppRow;
use crate::records::usage::{
    NewUsageEventRow, UsageCountRow, UsageEventRow, read_app_id, read_count, read_tenant_id, read_units,
};
use crate::schema::{apps, usage_counts, usage_events};
use crate::session::Session;

/// How many rows one statement has: each value is a parameter, of which every database has a limit.
const ROWS_AT_ONCE: usize = 500;

impl UsageReads for Session<'_> {
    fn list_reported_apps(&mut self, instance_id: InstanceId, ids: &[AppId]) -> StoreResult<Vec<App>> {
        let mut found = Vec::with_capacity(ids.len());
        for some in ids.chunks(ROWS_AT_ONCE) {
            let ids: Vec<Vec<u8>> = some.iter().map(|id| id.as_bytes().to_vec()).collect();
            let query = apps::table
                .filter(apps::instance_id.eq(instance_id.as_bytes()))
                .filter(apps::id.eq_any(ids))
                .select(AppRow::as_select());
            for row in self.run(|c| query.load(c))? {
                found.push(row.into_domain()?);
            }
        }
        Ok(found)
    }

    fn used_by_app(
        &mut self,
        tenant_id: TenantId,
        app_id: AppId,
        at: Timestamp,
    ) -> StoreResult<UsedByWindow> {
        let mut used = UsedByWindow::default();
        for window in UsageWindow::ALL {
            let query = usage_counts::table
                .filter(usage_counts::tenant_id.eq(tenant_id.as_bytes()))
                .filter(usage_counts::app_id.eq(app_id.as_bytes()))
                .filter(usage_counts::window_kind.eq(window.as_str()))
                .filter(usage_counts::starts_at.eq(window.span_at(at).starts_at.as_micros()))
                .select(usage_counts::units);
            if let Some(units) = self.run(|c| query.get_result(c).optional())? {
                used.add(window, read_units(units)?);
            }
        }
        Ok(used)
    }

    fn used_by_apps(
        &mut self,
        apps: &[(TenantId, AppId)],
        at: Timestamp,
    ) -> StoreResult<HashMap<AppId, UsedByWindow>> {
        let mut used: HashMap<AppId, UsedByWindow> = HashMap::with_capacity(apps.len());
        for some in apps.chunks(ROWS_AT_ONCE) {
            let named: HashSet<&(TenantId, AppId)> = some.iter().collect();
            let ids: Vec<Vec<u8>> = some.iter().map(|(_, app_id)| app_id.as_bytes().to_vec()).collect();
            for window in UsageWindow::ALL {
                let query = usage_counts::table
                    .filter(usage_counts::window_kind.eq(window.as_str()))
                    .filter(usage_counts::starts_at.eq(window.span_at(at).starts_at.as_micros()))
                    .filter(usage_counts::app_id.eq_any(ids.clone()))
                    .select((usage_counts::tenant_id, usage_counts::app_id, usage_counts::units));
                for (tenant_id, app_id, units) in self.run(|c| query.load::<(Vec<u8>, Vec<u8>, i64)>(c))? {
                    let app_id = read_app_id(&app_id)?;
                    if named.contains(&(read_tenant_id(&tenant_id)?, app_id)) {
                        used.entry(app_id).or_default().add(window, read_units(units)?);
                    }
                }
            }
        }
        Ok(used)
    }

    fn used_by_apps_of(
        &mut self,
        tenant_id: TenantId,
        at: Timestamp,
    ) -> StoreResult<Vec<(AppId, UsedByWindow)>> {
        let mut used: BTreeMap<AppId, UsedByWindow> = BTreeMap::new();
        for window in UsageWindow::ALL {
            let query = usage_counts::table
                .filter(usage_counts::tenant_id.eq(tenant_id.as_bytes()))
                .filter(usage_counts::window_kind.eq(window.as_str()))
                .filter(usage_counts::starts_at.eq(window.span_at(at).starts_at.as_micros()))
                .select((usage_counts::app_id, usage_counts::units));
            for (app_id, units) in self.run(|c| query.load::<(Vec<u8>, i64)>(c))? {
                used.entry(read_app_id(&app_id)?).or_default().add(window, read_units(units)?);
            }
        }
        Ok(used.into_iter().collect())
    }

    fn list_usage(
        &mut self,
        tenant_id: TenantId,
        app_id: AppId,
        window: UsageWindow,
        from: Timestamp,
        to: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<UsageCount>> {
        let query = usage_counts::table
            .filter(usage_counts::tenant_id.eq(tenant_id.as_bytes()))
            .filter(usage_counts::app_id.eq(app_id.as_bytes()))
            .filter(usage_counts::window_kind.eq(window.as_str()))
            .filter(usage_counts::starts_at.ge(from.as_micros()))
            .filter(usage_counts::starts_at.lt(to.as_micros()))
            .order(usage_counts::starts_at)
            .limit(i64::from(limit))
            .select((usage_counts::starts_at, usage_counts::units));
        self.run(|c| query.load(c))?.into_iter().map(read_count).collect()
    }

    fn list_usage_of_tenant(
        &mut self,
        tenant_id: TenantId,
        window: UsageWindow,
        from: Timestamp,
        to: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<UsageCount>> {
        let query = usage_counts::table
            .filter(usage_counts::tenant_id.eq(tenant_id.as_bytes()))
            .filter(usage_counts::window_kind.eq(window.as_str()))
            .filter(usage_counts::starts_at.ge(from.as_micros()))
            .filter(usage_counts::starts_at.lt(to.as_micros()))
            .group_by(usage_counts::starts_at)
            .order(usage_counts::starts_at)
            .limit(i64::from(limit))
            .select((usage_counts::starts_at, sql::<BigInt>("CAST(SUM(units) AS BIGINT)")));
        self.run(|c| query.load(c))?.into_iter().map(read_count).collect()
    }
}

impl UsageWrites for Session<'_> {
    fn record_usage(&mut self, report: &UsageReport) -> StoreResult<Vec<RecordedUsage>> {
        // Rows are always locked in the same order, so that two nodes never wait for each other: first events in the
        // order of their ids, then sums.
        let mut first_of_each: BTreeMap<&str, &(TenantId, UsageEvent)> = BTreeMap::new();
        for reported in &report.events {
            first_of_each.entry(reported.1.id.as_str()).or_insert(reported);
        }
        let firsts: Vec<&(TenantId, UsageEvent)> = first_of_each.values().copied().collect();
        let mut new = self.insert_new_events(report, &firsts)?;
        let counted = firsts.iter().copied().filter(|(_, event)| new.contains(event.id.as_str()));
        self.add_usage(counted)?;
        let known_before: Vec<&str> = first_of_each.keys().copied().filter(|id| !new.contains(*id)).collect();
        let mut known = self.find_events(report, &known_before)?;
        let outcomes = report.events.iter().map(|(_, event)| {
            if new.remove(event.id.as_str()) {
                known.insert(event.id.as_str().to_owned(), event.clone());
                return Ok(RecordedUsage::Counted);
            }
            // It conflicted a moment ago, and nothing but a purge removes it.
            let first = known.get(event.id.as_str()).cloned();
            first.map(RecordedUsage::Known).ok_or_else(|| {
                StoreError::Unavailable("an event of usage was removed while it was reported again".into())
            })
        });
        outcomes.collect()
    }

    fn purge_usage_events(&mut self, received_before: Timestamp) -> StoreResult<u32> {
        let old = usage_events::table.filter(usage_events::received_at.lt(received_before.as_micros()));
        self.run(|c| diesel::delete(old).execute(c).and_then(count))
    }

    fn purge_usage_counts(&mut self, window: UsageWindow, started_before: Timestamp) -> StoreResult<u32> {
        let old = usage_counts::table
            .filter(usage_counts::window_kind.eq(window.as_str()))
            .filter(usage_counts::starts_at.lt(started_before.as_micros()));
        self.run(|c| diesel::delete(old).execute(c).and_then(count))
    }
}

/// Adds to the sums that are there and makes the others. No sum grows beyond what a JSON reader can hold
/// ([`UsedUnits::MAX`]).
fn add_or_insert(connection: &mut AnyConnection, rows: &[UsageCountRow]) -> QueryResult<usize> {
    let key =
        (usage_counts::tenant_id, usage_counts::app_id, usage_counts::window_kind, usage_counts::starts_at);
    let sum = sql::<BigInt>("CASE WHEN usage_counts.units + excluded.units < ")
        .bind::<BigInt, _>(i64::try_from(UsedUnits::MAX).unwrap_or(i64::MAX))
        .sql(" THEN usage_counts.units + excluded.units ELSE ")
        .bind::<BigInt, _>(i64::try_from(UsedUnits::MAX).unwrap_or(i64::MAX))
        .sql(" END");
    match connection {
        AnyConnection::Postgres(connection) => diesel::insert_into(usage_counts::table)
            .values(rows)
            .on_conflict(key)
            .do_update()
            .set(usage_counts::units.eq(sum))
            .execute(connection),
        // Diesel has no statement of several rows for this, and there is no way to the database to be saved.
        AnyConnection::Sqlite(connection) => rows.iter().try_fold(0, |added, row| {
            let insert = diesel::insert_into(usage_counts::table).values(row).on_conflict(key).do_update();
            Ok(added + insert.set(usage_counts::units.eq(sum.clone())).execute(connection)?)
        }),
    }
}

impl Session<'_> {
    /// The ids of those that were not there.
    fn insert_new_events(
        &mut self,
        report: &UsageReport,
        events: &[&(TenantId, UsageEvent)],
    ) -> StoreResult<HashSet<String>> {
        let mut new = HashSet::with_capacity(events.len());
        for some in events.chunks(ROWS_AT_ONCE) {
            let rows: Vec<NewUsageEventRow> =
                some.iter().map(|(_, event)| NewUsageEventRow::new(report, event)).collect();
            let ids: Vec<String> =
                self.run(|c| insert_new!(c, usage_events::table, &rows, usage_events::event_id))?;
            new.extend(ids);
        }
        Ok(new)
    }

    /// Adds events to the sums of all their windows.
    fn add_usage<'e>(&mut self, events: impl Iterator<Item = &'e (TenantId, UsageEvent)>) -> StoreResult<()> {
        let mut sums: BTreeMap<(TenantId, AppId, UsageWindow, Timestamp), u64> = BTreeMap::new();
        for (tenant_id, event) in events {
            for window in UsageWindow::ALL {
                let starts_at = window.span_at(event.occurred_at).starts_at;
                let sum = sums.entry((*tenant_id, event.app_id, window, starts_at)).or_default();
                *sum = UsedUnits::sum(*sum, event.units.get());
            }
        }
        let rows: Vec<UsageCountRow> = sums
            .into_iter()
            .map(|((tenant_id, app_id, window, starts_at), units)| {
                UsageCountRow::new(tenant_id, app_id, window, starts_at, units)
            })
            .collect();
        for some in rows.chunks(ROWS_AT_ONCE) {
            self.run(|c| add_or_insert(c, some))?;
        }
        Ok(())
    }

    /// Events that the reporter has sent before, by their ids.
    fn find_events(
        &mut self,
        report: &UsageReport,
        ids: &[&str],
    ) -> StoreResult<HashMap<String, UsageEvent>> {
        let mut found = HashMap::with_capacity(ids.len());
        for some in ids.chunks(ROWS_AT_ONCE) {
            let query = usage_events::table
                .filter(usage_events::instance_id.eq(report.instance_id.as_bytes()))
                .filter(usage_events::reporter_id.eq(report.reporter_id.as_bytes()))
                .filter(usage_events::event_id.eq_any(some.to_vec()))
                .select(UsageEventRow::as_select());
            for row in self.run(|c| query.load(c))? {
                let event = row.into_domain()?;
                found.insert(event.id.as_str().to_owned(), event);
            }
        }
        Ok(found)
    }
}

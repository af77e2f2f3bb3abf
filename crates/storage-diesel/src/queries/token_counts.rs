//! Queries of token counts.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::upsert::excluded;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_requests::QuotaWindow;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::token_counts::{
    AppTokenCounts, CountedApp, CountedApps, RefusalCount, RefusedFor, TokenCount, TokenCountReads,
    TokenCounting, TokenHour, TokenTotals,
};

use crate::per_backend::{count, insert_or_replace};
use crate::records::token_counts::{
    AppTokenCountsRow, RefusalCountRow, TokenCountRow, read_counts, read_hour, read_number, read_refused,
};
use crate::schema::{apps, token_counts, token_refusals};
use crate::session::Session;

impl TokenCountReads for Session<'_> {
    fn find_token_totals(&mut self, app: &CountedApp, hour_start: Timestamp) -> StoreResult<TokenTotals> {
        let day_start = QuotaWindow::Day.start(hour_start);
        let query = token_counts::table
            .filter(token_counts::instance_id.eq(app.instance_id.as_bytes()))
            .filter(token_counts::tenant_id.eq(app.tenant_id.as_bytes()))
            .filter(token_counts::app_id.eq(app.app_id.as_bytes()))
            .filter(token_counts::hour_start.ge(day_start.as_micros()))
            .filter(token_counts::hour_start.le(hour_start.as_micros()))
            .select((token_counts::hour_start, token_counts::issued));
        let hours: Vec<(i64, i64)> = self.run(|c| query.load(c))?;
        let mut totals = TokenTotals::default();
        for (hour, issued) in hours {
            let issued = read_number("issued", issued)?;
            totals.in_day = totals.in_day.saturating_add(issued);
            if hour == hour_start.as_micros() {
                totals.in_hour = issued;
            }
        }
        Ok(totals)
    }

    fn list_token_counts(
        &mut self,
        instance_id: InstanceId,
        apps: CountedApps,
        since: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<AppTokenCounts>> {
        let app = apps::table.on(apps::instance_id
            .eq(token_counts::instance_id)
            .and(apps::tenant_id.eq(token_counts::tenant_id))
            .and(apps::id.eq(token_counts::app_id)));
        let mut query = token_counts::table
            .inner_join(app)
            .filter(token_counts::instance_id.eq(instance_id.as_bytes().to_vec()))
            .filter(token_counts::hour_start.ge(since.as_micros()))
            .group_by((apps::tenant_id, apps::id, apps::client_id, apps::name, apps::token_lifetime_secs))
            .select((
                apps::tenant_id,
                apps::id,
                apps::client_id,
                apps::name,
                apps::token_lifetime_secs,
                sql::<BigInt>("CAST(SUM(issued) AS BIGINT)"),
                sql::<BigInt>("CAST(SUM(refused) AS BIGINT)"),
                sql::<BigInt>("CAST(SUM(would_refuse) AS BIGINT)"),
                sql::<BigInt>("MAX(issued)"),
            ))
            .order((sql::<BigInt>("MAX(issued) * token_lifetime_secs").desc(), apps::id.asc()))
            .limit(i64::from(limit))
            .into_boxed();
        match apps {
            CountedApps::OfInstance => {}
            CountedApps::OfTenant(tenant_id) => {
                query = query.filter(token_counts::tenant_id.eq(tenant_id.as_bytes().to_vec()));
            }
            CountedApps::One(tenant_id, app_id) => {
                query = query
                    .filter(token_counts::tenant_id.eq(tenant_id.as_bytes().to_vec()))
                    .filter(token_counts::app_id.eq(app_id.as_bytes().to_vec()));
            }
        }
        let rows: Vec<AppTokenCountsRow> = self.run(|c| query.load(c))?;
        rows.into_iter().map(read_counts).collect()
    }

    fn list_token_hours(&mut self, app: &CountedApp, since: Timestamp) -> StoreResult<Vec<TokenHour>> {
        let query = token_counts::table
            .filter(token_counts::instance_id.eq(app.instance_id.as_bytes()))
            .filter(token_counts::tenant_id.eq(app.tenant_id.as_bytes()))
            .filter(token_counts::app_id.eq(app.app_id.as_bytes()))
            .filter(token_counts::hour_start.ge(since.as_micros()))
            .order(token_counts::hour_start)
            .select((token_counts::hour_start, token_counts::issued));
        self.run(|c| query.load(c))?.into_iter().map(read_hour).collect()
    }

    fn list_refusals(
        &mut self,
        instance_id: InstanceId,
        apps: CountedApps,
        since: Timestamp,
    ) -> StoreResult<Vec<RefusedFor>> {
        let mut query = token_refusals::table
            .filter(token_refusals::instance_id.eq(instance_id.as_bytes().to_vec()))
            .filter(token_refusals::hour_start.ge(since.as_micros()))
            .group_by(token_refusals::reason)
            .select((token_refusals::reason, sql::<BigInt>("CAST(SUM(refused) AS BIGINT)")))
            .order((sql::<BigInt>("SUM(refused)").desc(), token_refusals::reason.asc()))
            .into_boxed();
        match apps {
            CountedApps::OfInstance => {}
            CountedApps::OfTenant(tenant_id) => {
                query = query.filter(token_refusals::tenant_id.eq(tenant_id.as_bytes().to_vec()));
            }
            CountedApps::One(tenant_id, app_id) => {
                query = query
                    .filter(token_refusals::tenant_id.eq(tenant_id.as_bytes().to_vec()))
                    .filter(token_refusals::app_id.eq(app_id.as_bytes().to_vec()));
            }
        }
        self.run(|c| query.load(c))?.into_iter().map(read_refused).collect()
    }
}

impl TokenCounting for Session<'_> {
    fn add_token_counts(&mut self, counts: &[TokenCount]) -> StoreResult<()> {
        // Rows are always locked in the same order, so that two nodes never wait for each other.
        let mut counts = counts.to_vec();
        counts.sort_by_key(|count| (count.app, count.hour_start));
        let rows: Vec<TokenCountRow> = counts.iter().map(TokenCountRow::from).collect();
        self.run(|c| {
            // One by one, since the same row may be there several times; each statement is compiled once.
            for row in &rows {
                let key = (
                    token_counts::instance_id,
                    token_counts::tenant_id,
                    token_counts::app_id,
                    token_counts::hour_start,
                );
                let sums = (
                    token_counts::issued.eq(token_counts::issued + excluded(token_counts::issued)),
                    token_counts::refused.eq(token_counts::refused + excluded(token_counts::refused)),
                    token_counts::would_refuse
                        .eq(token_counts::would_refuse + excluded(token_counts::would_refuse)),
                );
                insert_or_replace!(c, token_counts::table, row, key, sums)?;
            }
            Ok(())
        })
    }

    fn add_refusal_counts(&mut self, counts: &[RefusalCount]) -> StoreResult<()> {
        // In the same order everywhere, and one by one, as above.
        let mut counts = counts.to_vec();
        counts.sort_by_key(|count| (count.app, count.hour_start, count.code));
        let rows: Vec<RefusalCountRow> = counts.iter().map(RefusalCountRow::from).collect();
        self.run(|c| {
            for row in &rows {
                let key = (
                    token_refusals::instance_id,
                    token_refusals::tenant_id,
                    token_refusals::app_id,
                    token_refusals::hour_start,
                    token_refusals::reason,
                );
                let sum =
                    token_refusals::refused.eq(token_refusals::refused + excluded(token_refusals::refused));
                insert_or_replace!(c, token_refusals::table, row, key, sum)?;
            }
            Ok(())
        })
    }

    fn purge_token_counts(&mut self, began_before: Timestamp) -> StoreResult<u32> {
        let old = token_counts::table.filter(token_counts::hour_start.lt(began_before.as_micros()));
        self.run(|c| diesel::delete(old).execute(c).and_then(count))
    }

    fn purge_refusal_counts(&mut self, began_before: Timestamp) -> StoreResult<u32> {
        let old = token_refusals::table.filter(token_refusals::hour_start.lt(began_before.as_micros()));
        self.run(|c| diesel::delete(old).execute(c).and_then(count))
    }
}

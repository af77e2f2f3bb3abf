//! Rows of `token_counts` and `token_refusals`, and what a report makes of them.

use diesel::prelude::*;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::token_counts::{AppTokenCounts, RefusalCount, RefusedFor, TokenCount, TokenHour};

use super::cell::{Cell, cell};
use crate::schema::{token_counts, token_refusals};

#[derive(Clone, Insertable)]
#[diesel(table_name = token_counts)]
pub(crate) struct TokenCountRow {
    instance_id: Vec<u8>,
    tenant_id: Vec<u8>,
    app_id: Vec<u8>,
    hour_start: i64,
    issued: i64,
    refused: i64,
    would_refuse: i64,
}

/// Nobody counts that far.
fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl From<&TokenCount> for TokenCountRow {
    fn from(count: &TokenCount) -> Self {
        Self {
            instance_id: count.app.instance_id.as_bytes().to_vec(),
            tenant_id: count.app.tenant_id.as_bytes().to_vec(),
            app_id: count.app.app_id.as_bytes().to_vec(),
            hour_start: count.hour_start.as_micros(),
            issued: stored(count.issued),
            refused: stored(count.refused),
            would_refuse: stored(count.would_refuse),
        }
    }
}

#[derive(Clone, Insertable)]
#[diesel(table_name = token_refusals)]
pub(crate) struct RefusalCountRow {
    instance_id: Vec<u8>,
    tenant_id: Vec<u8>,
    app_id: Vec<u8>,
    hour_start: i64,
    reason: &'static str,
    refused: i64,
}

impl From<&RefusalCount> for RefusalCountRow {
    fn from(count: &RefusalCount) -> Self {
        Self {
            instance_id: count.app.instance_id.as_bytes().to_vec(),
            tenant_id: count.app.tenant_id.as_bytes().to_vec(),
            app_id: count.app.app_id.as_bytes().to_vec(),
            hour_start: count.hour_start.as_micros(),
            reason: count.code,
            refused: stored(count.refused),
        }
    }
}

/// An hour and what was issued in it.
pub(crate) fn read_hour((hour_start, issued): (i64, i64)) -> StoreResult<TokenHour> {
    Ok(TokenHour { hour_start: Timestamp::from_micros(hour_start), issued: read_number("issued", issued)? })
}

/// A reason and how often it was one.
pub(crate) fn read_refused((code, refused): (String, i64)) -> StoreResult<RefusedFor> {
    let refused = cell("token_refusals", "refused").number(refused)?;
    Ok(RefusedFor { code, refused })
}

/// Tenant, app, client id, name, lifetime; issued, refused, would be refused, issued in the busiest hour.
pub(crate) type AppTokenCountsRow = (Vec<u8>, Vec<u8>, String, String, i64, i64, i64, i64, i64);

const fn at(column: &'static str) -> Cell {
    cell("token_counts", column)
}

/// A number of tokens.
pub(crate) fn read_number(column: &'static str, number: i64) -> StoreResult<u64> {
    at(column).number(number)
}

/// A line of a report.
pub(crate) fn read_counts(row: AppTokenCountsRow) -> StoreResult<AppTokenCounts> {
    let (tenant_id, app_id, client_id, name, lifetime_secs, issued, refused, would_refuse, busiest_hour) =
        row;
    let of_app = |column| cell("apps", column);
    let lifetime = TokenLifetime::from_secs(of_app("token_lifetime_secs").number(lifetime_secs)?);
    Ok(AppTokenCounts {
        tenant_id: TenantId::from_bytes(at("tenant_id").bytes(&tenant_id)?),
        app_id: AppId::from_bytes(at("app_id").bytes(&app_id)?),
        client_id: of_app("client_id").valid(ClientId::parse(&client_id))?,
        name: of_app("name").valid(DisplayName::parse(&name))?,
        token_lifetime: of_app("token_lifetime_secs").valid(lifetime)?,
        issued: read_number("issued", issued)?,
        refused: read_number("refused", refused)?,
        would_refuse: read_number("would_refuse", would_refuse)?,
        busiest_hour: read_number("issued", busiest_hour)?,
    })
}

//! How many tokens apps got and were refused by their quota, hour by hour.

use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, InstanceId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_lifetime::TokenLifetime;

use crate::error::StoreResult;

/// Whose tokens are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountedApp {
    /// The instance it is in.
    pub instance_id: InstanceId,
    /// Its tenant.
    pub tenant_id: TenantId,
    /// The app.
    pub app_id: AppId,
}

/// What is to be added to an hour of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenCount {
    /// Whose.
    pub app: CountedApp,
    /// When the hour began (UTC).
    pub hour_start: Timestamp,
    /// Tokens that were issued.
    pub issued: u64,
    /// Requests turned away by the quota, by a limit or for lack of room.
    pub refused: u64,
    /// Requests that the quota would have refused if it were enforced.
    pub would_refuse: u64,
}

/// How many tokens all nodes together have issued to an app, as far as they have written it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenTotals {
    /// In the hour.
    pub in_hour: u64,
    /// In the day of that hour, up to and with it.
    pub in_day: u64,
}

/// Which apps a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedApps {
    /// All of the instance.
    OfInstance,
    /// Those of a tenant.
    OfTenant(TenantId),
    /// One.
    One(TenantId, AppId),
}

/// What an app has asked for since some hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppTokenCounts {
    /// Its tenant.
    pub tenant_id: TenantId,
    /// The app.
    pub app_id: AppId,
    /// Its client id.
    pub client_id: ClientId,
    /// Its name.
    pub name: DisplayName,
    /// How long its tokens live, at present.
    pub token_lifetime: TokenLifetime,
    /// Tokens that were issued.
    pub issued: u64,
    /// Requests turned away by the quota, by a limit or for lack of room.
    pub refused: u64,
    /// Requests that the quota would have refused if it were enforced.
    pub would_refuse: u64,
    /// Tokens that were issued in the hour with the most.
    pub busiest_hour: u64,
}

/// What is to be added to an hour of an app: requests that were refused for one reason, its quota among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusalCount {
    /// Whose.
    pub app: CountedApp,
    /// When the hour began (UTC).
    pub hour_start: Timestamp,
    /// The stable code of the reason.
    pub code: &'static str,
    /// How many.
    pub refused: u64,
}

/// An hour in which anything was counted for an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenHour {
    /// When it began (UTC).
    pub hour_start: Timestamp,
    /// Tokens that were issued.
    pub issued: u64,
}

/// How many requests were refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedFor {
    /// The stable code of the reason.
    pub code: String,
    /// How many.
    pub refused: u64,
}

/// Reads of counts.
pub trait TokenCountReads {
    /// What was issued to an app in an hour, and before it in the same day (UTC).
    fn find_token_totals(&mut self, app: &CountedApp, hour_start: Timestamp) -> StoreResult<TokenTotals>;

    /// Apps that asked for tokens in this hour or later and still exist; first those that had the most tokens for each
    /// lifetime of a token, in their busiest hour.
    fn list_token_counts(
        &mut self,
        instance_id: InstanceId,
        apps: CountedApps,
        since: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<AppTokenCounts>>;

    /// The hours since this one in which anything was counted for an app, the oldest first.
    fn list_token_hours(&mut self, app: &CountedApp, since: Timestamp) -> StoreResult<Vec<TokenHour>>;

    /// Why requests were refused in this hour or later, the most frequent reason first.
    fn list_refusals(
        &mut self,
        instance_id: InstanceId,
        apps: CountedApps,
        since: Timestamp,
    ) -> StoreResult<Vec<RefusedFor>>;
}

/// Counting, by way of bookkeeping.
pub trait TokenCounting: TokenCountReads {
    /// Adds to what is counted. The same hour of an app may be there several times.
    fn add_token_counts(&mut self, counts: &[TokenCount]) -> StoreResult<()>;

    /// Adds to the refusals that are counted. The same reason in the same hour of an app may be there several times.
    fn add_refusal_counts(&mut self, counts: &[RefusalCount]) -> StoreResult<()>;

    /// Removes hours that began before; returns how many.
    fn purge_token_counts(&mut self, began_before: Timestamp) -> StoreResult<u32>;

    /// The same for refusals.
    fn purge_refusal_counts(&mut self, began_before: Timestamp) -> StoreResult<u32>;
}

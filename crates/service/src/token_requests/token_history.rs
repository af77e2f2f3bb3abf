//! How many tokens an app got in past hours, and why requests were refused: for whoever may see the app.

use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::token_counts::{CountedApp, CountedApps};
pub use turnkeep_storage::token_counts::{RefusedFor, TokenHour};

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::find_app::existing_app;
use crate::registry::manage_tenant::existing_tenant;
use crate::token_requests::report_token_requests::first_hour;

/// What an app got and was refused in the last hours. What was counted in the last minute may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHistory {
    /// When the first of the hours began.
    pub since: Timestamp,
    /// The hours in which it got any tokens or asked too often for them, the oldest first.
    pub hours: Vec<TokenHour>,
    /// Why requests were refused, the most frequent reason first.
    pub refusals: Vec<RefusedFor>,
}

/// Why requests of the apps of a tenant were refused. What was counted in the last minute may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantRefusals {
    /// When the first of the hours began.
    pub since: Timestamp,
    /// The reasons, the most frequent one first.
    pub refusals: Vec<RefusedFor>,
}

/// The last hours of an app that the caller may see, the present one among them; at most
/// [`MOST_HOURS`](crate::token_requests::report_token_requests::MOST_HOURS).
pub fn tokens_of_app(context: &RegistryContext<'_>, id: AppId, hours: u32) -> RegistryResult<TokenHistory> {
    context.require_read("token_requests.read", Some(&id), Permission::ReadApps)?;
    let since = first_hour(context.authority.now(), hours);
    context.read(|reads| {
        let app = existing_app(context, reads, id)?;
        let counted = CountedApp { instance_id: app.instance_id, tenant_id: app.tenant_id, app_id: app.id };
        let one = CountedApps::One(app.tenant_id, app.id);
        let hours = reads.list_token_hours(&counted, since)?;
        let refusals = reads.list_refusals(app.instance_id, one, since)?;
        Ok(TokenHistory { since, hours, refusals })
    })
}

/// The refusals of the last hours of all apps of a tenant that the caller reaches; at most
/// [`MOST_HOURS`](crate::token_requests::report_token_requests::MOST_HOURS).
pub fn refusals_of_tenant(
    context: &RegistryContext<'_>,
    id: TenantId,
    hours: u32,
) -> RegistryResult<TenantRefusals> {
    context.require_read("token_requests.read", Some(&id), Permission::ReadApps)?;
    let since = first_hour(context.authority.now(), hours);
    context.read(|reads| {
        let tenant = existing_tenant(context, reads, id)?;
        let all = CountedApps::OfTenant(tenant.id);
        Ok(TenantRefusals { since, refusals: reads.list_refusals(context.instance_id, all, since)? })
    })
}

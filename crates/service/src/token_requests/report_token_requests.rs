//! Which apps ask for more tokens than they need? (seed 000 §1: "cache and reuse access tokens")

use std::time::Duration;

use turnkeep_domain::id::TenantId;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_requests::QuotaWindow;
use turnkeep_policy::judge_token_requests::{TokenRequestsJudgement, judge_token_requests};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::token_counts::{AppTokenCounts, CountedApps};

use crate::registry::context::{RegistryContext, RegistryResult};

/// How far a report goes back at most, in hours: as long as counts are kept.
pub const MOST_HOURS: u32 = 62 * 24;

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenRequestsQuery {
    /// Only apps of this tenant.
    pub tenant_id: Option<TenantId>,
    /// How many hours, the present one among them; at least one, at most [`MOST_HOURS`].
    pub hours: u32,
    /// How many apps at most.
    pub limit: u32,
}

/// An app with what it has asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppTokenRequests {
    /// What was counted.
    pub counts: AppTokenCounts,
    /// What that looks like.
    pub judgement: TokenRequestsJudgement,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRequestsReport {
    /// When its first hour began.
    pub since: Timestamp,
    /// Those that asked for the most tokens for each lifetime of a token come first.
    pub apps: Vec<AppTokenRequests>,
}

/// Reports about the apps that the caller reaches. What was counted in the last minute may be missing.
pub fn report_token_requests(
    context: &RegistryContext<'_>,
    query: &TokenRequestsQuery,
) -> RegistryResult<TokenRequestsReport> {
    context.require_read("token_requests.read", None, Permission::ReadReview)?;
    let apps = match context.tenant_to_list(query.tenant_id)? {
        Some(tenant_id) => CountedApps::OfTenant(tenant_id),
        None => CountedApps::OfInstance,
    };
    let since = first_hour(context.authority.now(), query.hours);
    let (instance_id, limit) = (context.instance_id, query.limit);
    let counts =
        context.authority.store.read(|reads| reads.list_token_counts(instance_id, apps, since, limit))?;
    let judged = |counts: AppTokenCounts| AppTokenRequests {
        judgement: judge_token_requests(counts.busiest_hour, counts.token_lifetime),
        counts,
    };
    Ok(TokenRequestsReport { since, apps: counts.into_iter().map(judged).collect() })
}

/// When the first of so many hours, [`MOST_HOURS`] at most, began, of which the last one is the present one.
pub(crate) fn first_hour(now: Timestamp, hours: u32) -> Timestamp {
    let before: Duration = QuotaWindow::Hour.length().saturating_mul(hours.min(MOST_HOURS).saturating_sub(1));
    QuotaWindow::Hour.start(now).minus(before)
}

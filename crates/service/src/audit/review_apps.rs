//! The periodic review: every app with its owners, scopes, use and what deserves somebody's look ("Audit all
//! trusted apps periodically for owners, scopes, and usage", seed 002).

use std::collections::HashMap;

use turnkeep_domain::app::App;
use turnkeep_domain::client_secret::{ClientSecret, SecretState};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::id::{AppId, InstanceId, TenantId};
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::{Order, Page};
use turnkeep_domain::resource::Scope;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{UserName, UserState};
use turnkeep_policy::permission::Permission;
use turnkeep_policy::review_app::{ReviewFacts, ReviewFinding, ReviewThresholds, review_app};
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::Reads;
use turnkeep_storage::token_counts::CountedApps;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::token_requests::report_token_requests::first_hour;

/// How many apps are looked at for one page at most: those with a certain finding may be few.
pub const LOOKED_AT: u32 = 1_000;

/// How many hours of requests for tokens are looked at: a week.
const TOKENS_HOURS: u32 = 7 * 24;

/// Which apps are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReviewFilter {
    /// Those of this tenant.
    pub tenant_id: Option<TenantId>,
    /// Those with a finding or warning of this code.
    pub finding: Option<String>,
}

/// An app as the review shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedApp {
    /// The record.
    pub app: App,
    /// The name of its tenant.
    pub tenant_name: DisplayName,
    /// The owners of its tenant who are not disabled.
    pub owners: Vec<UserName>,
    /// When any of its secrets last authenticated it.
    pub last_used_at: Option<Timestamp>,
    /// When the oldest of its live secrets was made.
    pub oldest_secret_at: Option<Timestamp>,
    /// When the first of its live secrets to expire does so.
    pub secret_expires_at: Option<Timestamp>,
    /// What deserves a look, warnings among it.
    pub findings: Vec<ReviewFinding>,
}

/// A part of the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewPage {
    /// The apps, in the wanted order.
    pub apps: Vec<ReviewedApp>,
    /// The sort name and id of the last app that was looked at, if there are more after it. A page can be short and
    /// still have this.
    pub next_after: Option<(String, AppId)>,
}

/// Reviews a page of the apps that the caller reaches; their sort name is the key of the name.
pub fn review_apps(
    context: &RegistryContext<'_>,
    filter: &ReviewFilter,
    page: &Page<AppId>,
) -> RegistryResult<ReviewPage> {
    context.require_read("review.read", None, Permission::ReadReview)?;
    let tenant_id = context.tenant_to_list(filter.tenant_id)?;
    let now = context.authority.now();
    let looked_at = if filter.finding.is_some() { LOOKED_AT } else { page.limit };
    let reviewed = context.authority.store.read(|reads| {
        let mut review = Review::begin(reads, context.instance_id, now)?;
        let (mut apps, mut last, mut looked) = (Vec::new(), None, 0);
        loop {
            let limit_now = (looked_at - looked).min(Page::<AppId>::MAX_LIMIT);
            if limit_now == 0 {
                let next_after = review.more_after(tenant_id, page, last)?;
                return Ok(ReviewPage { apps, next_after });
            }
            let found = review.apps(tenant_id, &beyond(page, last.as_ref(), limit_now))?;
            let is_end = found.len() < usize::try_from(limit_now).unwrap_or(usize::MAX);
            for app in found {
                last = Some((app.settings.name.uniqueness_key(), app.id));
                looked += 1;
                let reviewed = review.look_at(app)?;
                if filter.finding.as_deref().is_none_or(|code| reviewed.has(code)) {
                    apps.push(reviewed);
                }
                if usize::try_from(page.limit).is_ok_and(|limit| limit <= apps.len()) {
                    let next_after = review.more_after(tenant_id, page, last)?;
                    return Ok(ReviewPage { apps, next_after });
                }
            }
            if is_end {
                return Ok(ReviewPage { apps, next_after: None });
            }
        }
    });
    Ok(reviewed?)
}

/// What comes next in the order of a page.
fn beyond(page: &Page<AppId>, last: Option<&(String, AppId)>, limit: u32) -> Page<AppId> {
    let order = match (last, &page.order) {
        (None, start) => start.clone(),
        (Some((_, id)), Order::Created { .. }) => Order::Created { after: Some(*id) },
        (Some(last), Order::Name { .. }) => Order::Name { after: Some(last.clone()) },
    };
    Page { order, direction: page.direction, limit }
}

impl ReviewedApp {
    fn has(&self, code: &str) -> bool {
        self.findings.iter().any(|finding| finding.code() == code)
    }
}

/// What is known of the instance while its apps are looked at.
struct Review<'r> {
    reads: &'r mut dyn Reads,
    instance_id: InstanceId,
    now: Timestamp,
    known_scopes: Vec<Scope>,
    tenants: HashMap<TenantId, (DisplayName, Vec<UserName>)>,
}

impl<'r> Review<'r> {
    fn begin(reads: &'r mut dyn Reads, instance_id: InstanceId, now: Timestamp) -> StoreResult<Self> {
        let known_scopes = reads.list_scopes(instance_id)?;
        Ok(Self { reads, instance_id, now, known_scopes, tenants: HashMap::new() })
    }

    fn apps(&mut self, tenant_id: Option<TenantId>, page: &Page<AppId>) -> StoreResult<Vec<App>> {
        let every = AppFilter::default();
        match tenant_id {
            Some(tenant_id) => self.reads.list_apps(self.instance_id, tenant_id, &every, page),
            None => self.reads.list_apps_of_instance(self.instance_id, &every, page),
        }
    }

    /// The last app that was looked at, if there is another one behind it.
    fn more_after(
        &mut self,
        tenant_id: Option<TenantId>,
        page: &Page<AppId>,
        last: Option<(String, AppId)>,
    ) -> StoreResult<Option<(String, AppId)>> {
        let more = self.apps(tenant_id, &beyond(page, last.as_ref(), 1))?;
        Ok(last.filter(|_| !more.is_empty()))
    }

    fn look_at(&mut self, app: App) -> StoreResult<ReviewedApp> {
        let (tenant_name, owners) = self.tenant(app.tenant_id)?;
        let stored = self.reads.list_secrets(app.tenant_id, app.id)?;
        let secrets: Vec<ClientSecret> = stored.into_iter().map(|stored| stored.secret).collect();
        let last_used_at = secrets.iter().filter_map(|secret| secret.last_used_at).max();
        let counted = CountedApps::One(app.tenant_id, app.id);
        let since = first_hour(self.now, TOKENS_HOURS);
        let counts = self.reads.list_token_counts(self.instance_id, counted, since, 1)?;
        let busiest_hour = counts.first().map_or(0, |counts| counts.busiest_hour);
        let facts = ReviewFacts {
            app: &app,
            secrets: &secrets,
            last_used_at,
            busiest_hour,
            owners: u32::try_from(owners.len()).unwrap_or(u32::MAX),
            known_scopes: &self.known_scopes,
            now: self.now,
        };
        let findings = review_app(&facts, &ReviewThresholds::default());
        let live = || secrets.iter().filter(|secret| secret.state(self.now) == SecretState::Live);
        let oldest_secret_at = live().map(|secret| secret.created_at).min();
        let secret_expires_at = live().filter_map(|secret| secret.expires_at).min();
        Ok(ReviewedApp {
            app,
            tenant_name,
            owners,
            last_used_at,
            oldest_secret_at,
            secret_expires_at,
            findings,
        })
    }

    /// The name and the owners of a tenant, read once.
    fn tenant(&mut self, id: TenantId) -> StoreResult<(DisplayName, Vec<UserName>)> {
        if let Some(known) = self.tenants.get(&id) {
            return Ok(known.clone());
        }
        let tenant = self.reads.find_tenant(self.instance_id, id)?;
        let tenant = tenant.ok_or(StoreError::Corrupt { table: "apps", column: "tenant_id" })?;
        let mut owners = Vec::new();
        for member in self.reads.list_members(self.instance_id, id)? {
            if member.role == Role::Owner
                && let Some(user) = self.reads.find_user(self.instance_id, member.user_id)?
                && user.state == UserState::Active
            {
                owners.push(user.name);
            }
        }
        self.tenants.insert(id, (tenant.name.clone(), owners.clone()));
        Ok((tenant.name, owners))
    }
}

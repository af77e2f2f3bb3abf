//! For which apps somebody may make personal tokens at this moment: an offer. Whoever makes one is judged anew.

use std::collections::{BTreeSet, HashMap};

use turnkeep_domain::app::{App, AppState};
use turnkeep_domain::audit::Actor;
use turnkeep_domain::client_secret::SecretHint;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::id::{AppId, ReferenceTokenId, TenantId};
use turnkeep_domain::page::{Order, Page};
use turnkeep_domain::reference_token::{
    ReferenceToken, ReferenceTokenKind, ReferenceTokenLifetime, ReferenceTokenPolicy,
};
use turnkeep_domain::scope::{ScopeName, ScopeSet};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::User;
use turnkeep_policy::decide_reference_token::ReferenceTokenHolder;
use turnkeep_policy::decide_reference_token_use::{ReferenceTokenFacts, decide_reference_token_use};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::reference_tokens::holder::administers;
use crate::snapshot::cached_app::facts_without_user;
use crate::snapshot::catalogue::Catalogue;
use crate::snapshot::look_up::LookUp;

/// How many apps are offered.
pub const MOST_OFFERED: usize = 100;

/// How many lists of [`LIST_LENGTH`] apps are read of each policy. Where more apps than that do not admit somebody, not
/// all are found that do.
pub const MOST_LISTS: usize = 10;

/// How many apps are read at once.
pub const LIST_LENGTH: u32 = Page::<AppId>::MAX_LIMIT;

/// An app that takes personal tokens of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenAppView {
    /// The app.
    pub app_id: AppId,
    /// Its name.
    pub app_name: DisplayName,
    /// The name of its tenant.
    pub tenant_name: DisplayName,
    /// What a token may be for; never empty. They may belong to several resources, and a token is for one.
    pub scopes: Vec<ScopeName>,
}

/// At most [`MOST_OFFERED`] apps of the issuer, in the order of their names.
pub fn list_token_apps(
    authority: &Authority,
    issuer: &Slug,
    user: &User,
) -> Result<Vec<TokenAppView>, Fault> {
    let Some(cached) = authority.snapshot.issuer(authority, issuer, LookUp::Anywhere)? else {
        return Ok(Vec::new());
    };
    let now = authority.now();
    let offered = authority.store.read(|reads| {
        let mut offer = Offer { catalogue: &cached.catalogue, user, now, tenants: HashMap::new() };
        let mut offered = offer.find(reads, &[None], ReferenceTokenPolicy::AuthenticatedUsers)?;
        let administered = administered(reads, user)?;
        offered.extend(offer.find(reads, &administered, ReferenceTokenPolicy::AdministratorsOnly)?);
        Ok(offered)
    });
    let mut offered = offered?;
    offered.sort_by_cached_key(|view| (view.app_name.uniqueness_key(), view.app_id));
    offered.truncate(MOST_OFFERED);
    Ok(offered)
}

/// Where somebody is an administrator; `None` is the whole instance.
fn administered<R: Reads + ?Sized>(reads: &mut R, user: &User) -> StoreResult<Vec<Option<TenantId>>> {
    if reads.is_operator(user.instance_id, user.id)? {
        return Ok(vec![None]);
    }
    let memberships = reads.list_memberships_of_user(user.instance_id, user.id)?;
    let administers = memberships.into_iter().filter(|membership| administers(membership.role));
    Ok(administers.map(|membership| Some(membership.tenant_id)).collect())
}

struct Offer<'a> {
    catalogue: &'a Catalogue,
    user: &'a User,
    now: Timestamp,
    tenants: HashMap<TenantId, Tenant>,
}

impl Offer<'_> {
    /// Those with a policy, in these tenants or in the whole instance.
    fn find<R: Reads + ?Sized>(
        &mut self,
        reads: &mut R,
        places: &[Option<TenantId>],
        policy: ReferenceTokenPolicy,
    ) -> StoreResult<Vec<TokenAppView>> {
        let (state, reference_tokens) = (Some(AppState::Enabled), Some(policy));
        let filter = AppFilter { state, reference_tokens, ..AppFilter::default() };
        let mut places = places.iter();
        let (mut place, mut page) = (places.next(), Page::by_name(LIST_LENGTH));
        let mut found = Vec::new();
        for _ in 0..MOST_LISTS {
            let Some(tenant_id) = place else { break };
            let apps = match tenant_id {
                Some(tenant_id) => reads.list_apps(self.user.instance_id, *tenant_id, &filter, &page)?,
                None => reads.list_apps_of_instance(self.user.instance_id, &filter, &page)?,
            };
            for app in &apps {
                if MOST_OFFERED <= found.len() {
                    return Ok(found);
                }
                found.extend(self.judged(reads, app)?);
            }
            let is_last = usize::try_from(LIST_LENGTH).is_ok_and(|length| apps.len() < length);
            page = Page::by_name(LIST_LENGTH);
            match apps.last().filter(|_| !is_last) {
                Some(last) => {
                    let after = Some((last.settings.name.uniqueness_key(), last.id));
                    page.order = Order::Name { after };
                }
                None => place = places.next(),
            }
        }
        Ok(found)
    }

    /// The app with the scopes of which each could be a token's now.
    fn judged<R: Reads + ?Sized>(&mut self, reads: &mut R, app: &App) -> StoreResult<Option<TokenAppView>> {
        let tenant = match self.tenants.get(&app.tenant_id) {
            Some(tenant) => tenant.clone(),
            None => {
                let Some(tenant) = reads.find_tenant(app.instance_id, app.tenant_id)? else {
                    return Ok(None);
                };
                self.tenants.insert(tenant.id, tenant.clone());
                tenant
            }
        };
        let scopes: Vec<ScopeName> =
            app.settings.scopes.iter().filter(|name| self.may_have(app, &tenant, name)).cloned().collect();
        let (app_name, tenant_name) = (app.settings.name.clone(), tenant.name);
        let view = TokenAppView { app_id: app.id, app_name, tenant_name, scopes };
        Ok(Some(view).filter(|view| !view.scopes.is_empty()))
    }

    fn may_have(&self, app: &App, tenant: &Tenant, scope: &ScopeName) -> bool {
        let Self { catalogue, user, now, .. } = *self;
        let Some(resource) = catalogue.resources.first() else { return false };
        let Ok(scopes) = ScopeSet::new(BTreeSet::from([scope.clone()])) else { return false };
        let token = ReferenceToken {
            id: ReferenceTokenId::from_bytes([0; 16]),
            instance_id: app.instance_id,
            tenant_id: app.tenant_id,
            app_id: app.id,
            kind: ReferenceTokenKind::Personal,
            user_id: Some(user.id),
            name: user.display_name.clone(),
            hint: SecretHint::of(""),
            scopes,
            audience: resource.audience.clone(),
            made_by: Actor::User(user.id),
            created_at: now,
            expires_at: now.plus(ReferenceTokenLifetime::default().as_duration()),
            revoked_at: None,
            last_used_at: None,
        };
        // The lists have nothing else: apps for everybody, and apps that somebody administers.
        let holder = match app.settings.reference_tokens {
            ReferenceTokenPolicy::AdministratorsOnly => ReferenceTokenHolder::Administrator,
            ReferenceTokenPolicy::AuthenticatedUsers | ReferenceTokenPolicy::None => {
                ReferenceTokenHolder::User
            }
        };
        let scope_request = catalogue.scope_request(Some(&token.scopes), None);
        let app = Some(facts_without_user(app, tenant, catalogue));
        let asked = ReferenceTokenFacts { token: &token, app, user: Some(user), holder, scope_request, now };
        decide_reference_token_use(&asked).is_ok()
    }
}

//! Search over everything that a caller may see: by a part of a name, by a whole client id or by the id of a record. What
//! the caller may not see is not there, and each kind needs what its own list needs.

mod by_id;
mod catalogue;
mod people;

use turnkeep_domain::app::App;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::filter::{AppFilter, Search, TenantFilter, UserFilter};
use turnkeep_domain::instance::Instance;
use turnkeep_domain::page::Page;
use turnkeep_domain::plan::Plan;
use turnkeep_domain::region::{Region, RegionDatabase};
use turnkeep_domain::resource::{Resource, Scope};
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::User;

use crate::people::list_invitations::InvitationView;
use crate::people::list_members::Member;
use crate::registry::context::{Extent, RegistryContext, RegistryResult};
use crate::registry::find_app::{AppView, list_apps};
use crate::registry::manage_tenant::list_tenants;
use crate::registry::manage_user::list_users;
use by_id::found_by_id;
use catalogue::found_in_catalogue;
use people::{invitations_of, members_among, members_of_tenant};

/// How many records of a kind are found at most.
pub const MOST_FOUND: u32 = 10;

/// What was found, by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Apps: by name, client id or id.
    pub apps: Vec<App>,
    /// Tenants: by name or id.
    pub tenants: Vec<Tenant>,
    /// Members of the caller's tenant, for operators of every tenant: by user name, display name or id.
    pub members: Vec<FoundMember>,
    /// Open invitations: into the caller's tenant by the invited name or by id, for operators into any by the name.
    pub invitations: Vec<FoundInvitation>,
    /// Users of the instance, for operators: by user name, display name or id.
    pub users: Vec<User>,
    /// Plans, for operators: by code, name or id.
    pub plans: Vec<Plan>,
    /// Regions, for operators: by code, name or id.
    pub regions: Vec<Region>,
    /// Databases, for operators: by code or id, or by what their region is found by.
    pub databases: Vec<FoundDatabase>,
    /// Resources, for operators: by audience, name or id.
    pub resources: Vec<Resource>,
    /// Scopes, for operators: by name.
    pub scopes: Vec<FoundScope>,
    /// Instances of the server, for those who reach every one: by slug, name or id.
    pub instances: Vec<Instance>,
}

/// Somebody in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundMember {
    /// Who, and as what.
    pub member: Member,
    /// What the tenant is called.
    pub tenant_name: DisplayName,
}

/// An invitation into a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundInvitation {
    /// The invitation as it stands now.
    pub view: InvitationView,
    /// What the tenant is called.
    pub tenant_name: DisplayName,
}

/// A database of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDatabase {
    /// The database.
    pub database: RegionDatabase,
    /// What its region is called.
    pub region_name: DisplayName,
}

/// A scope of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundScope {
    /// The scope.
    pub scope: Scope,
    /// What its resource is called.
    pub resource_name: DisplayName,
}

/// Finds what a text may mean. What can be no name, no client id and no id finds nothing.
pub fn search(context: &RegistryContext<'_>, text: &str) -> RegistryResult<Found> {
    let text = text.trim();
    let by_id = found_by_id(context, text)?;
    let search = Search::parse(text).ok();
    let apps = match ClientId::parse(text) {
        Ok(client_id) if by_id.apps.is_empty() => {
            let filter = AppFilter { client_id: Some(client_id), ..AppFilter::default() };
            apps_of(context, &filter)?
        }
        Ok(_) | Err(_) => Vec::new(),
    };
    let Some(search) = search else {
        return Ok(Found { apps: one_of(by_id.apps, apps), ..by_id });
    };
    let named = found_by_name(context, &search, text)?;
    let users = one_of(by_id.users, named.users);
    // An operator finds people first, and where they are members then.
    let members = match context.extent()? {
        Extent::Instance => members_among(context, &users)?,
        Extent::Tenant(_) => named.members,
    };
    Ok(Found {
        apps: one_of(one_of(by_id.apps, apps), named.apps),
        tenants: one_of(by_id.tenants, named.tenants),
        invitations: one_of(by_id.invitations, named.invitations),
        users,
        members,
        ..named
    })
}

/// The first that found anything: who gives a whole id means nothing else.
fn one_of<T>(exact: Vec<T>, named: Vec<T>) -> Vec<T> {
    if exact.is_empty() { named } else { exact }
}

fn found_by_name(context: &RegistryContext<'_>, search: &Search, text: &str) -> RegistryResult<Found> {
    let wanted = || Some(search.clone());
    let apps = apps_of(context, &AppFilter { search: wanted(), ..AppFilter::default() })?;
    let tenants = TenantFilter { search: wanted(), ..TenantFilter::default() };
    let tenants = list_tenants(context, &tenants, &Page::by_name(MOST_FOUND))?;
    let invitations = invitations_of(context, search)?;
    match context.extent()? {
        Extent::Tenant(tenant_id) => {
            let members = members_of_tenant(context, tenant_id, search, text)?;
            Ok(Found { apps, tenants, invitations, members, ..Found::default() })
        }
        Extent::Instance => {
            let users = UserFilter { search: wanted(), ..UserFilter::default() };
            let users = list_users(context, &users, &Page::by_name(MOST_FOUND))?;
            Ok(Found { apps, tenants, invitations, users, ..found_in_catalogue(context, search, text)? })
        }
    }
}

fn apps_of(context: &RegistryContext<'_>, filter: &AppFilter) -> RegistryResult<Vec<App>> {
    let views = list_apps(context, None, filter, &Page::by_name(MOST_FOUND))?;
    Ok(views.into_iter().map(|AppView { app, .. }| app).collect())
}

/// Leaves no more than are found.
fn cut<T>(mut found: Vec<T>) -> Vec<T> {
    found.truncate(usize::try_from(MOST_FOUND).unwrap_or(usize::MAX));
    found
}

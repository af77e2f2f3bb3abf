//! Apps of a tenant.

pub(crate) mod app_page;
pub(crate) mod audit;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod overview;
pub(crate) mod plan;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod storage;
pub(crate) mod switch;
mod switch_effect;
pub(crate) mod tokens;
pub(crate) mod usage;

use turnkeep_console::dashboard::chrome::Chrome;
use turnkeep_domain::tenant::Tenant;

use super::dashboard_request::DashboardRequest;
use super::place::{Place, TenantPlace, crumb, crumb_to_tenant};

/// What surrounds the pages below the list of apps.
fn chrome_below_list<'a>(dashboard: &'a DashboardRequest, tenant: &Tenant) -> Chrome<'a> {
    let paths = dashboard.paths();
    let crumbs = vec![crumb_to_tenant(paths, tenant), crumb("Apps", paths.tenant(tenant.id, "/apps"))];
    dashboard.chrome(Place::Tenant(TenantPlace::Apps), crumbs)
}

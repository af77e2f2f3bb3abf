//! `GET /dashboard`: where somebody can go. Who has one place to go is there already.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::home::{HomePage, NewestTenant, OperatorOffer, TenantItem};
use turnkeep_console::render::Render;
use turnkeep_domain::filter::TenantFilter;
use turnkeep_domain::id::TenantId;
use turnkeep_domain::page::{Direction, Page};
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_service::authority::Authority;
use turnkeep_service::people::acting_person::{OwnTenant, list_own_tenants};
use turnkeep_service::registry::context::{RegistryContext, RegistryResult};
use turnkeep_service::registry::manage_tenant::list_tenants;
use turnkeep_service::registry::recover_operator::find_operator_app;
use turnkeep_service::sign_in::credentials::list_credentials;
use turnkeep_service::tokens::authenticate_bearer::Reach;

use super::dashboard_request::DashboardRequest;
use super::place::{OperatorPlace, Place};
use super::shown::moment;
use crate::account::error_page::PageError;
use crate::account::paths::PagePaths;

/// How many of the newest tenants operators see.
const NEWEST: usize = 5;

/// Some of the newest are closed, or the platform's own.
const LOOKED_AT: u32 = 20;

/// The first page.
pub(crate) async fn show_home(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let user = dashboard.person.signed_in.user.clone();
    let own = dashboard.person.page.run(move |authority| list_own_tenants(authority, &user)).await?;
    let (paths, is_operator) = (dashboard.paths(), dashboard.acting.is_operator());
    if let ([only], false) = (own.as_slice(), is_operator) {
        return Ok(dashboard.see_other(&paths.tenant(only.tenant.id, "")));
    }
    let item = |OwnTenant { tenant, role }: &OwnTenant| TenantItem {
        name: tenant.name.to_string(),
        role: role.to_string(),
        path: paths.tenant(tenant.id, ""),
        state: unusual_state(tenant),
    };
    let page = HomePage {
        tenants: own.iter().map(item).collect(),
        operator: if is_operator { Some(offer(&dashboard).await?) } else { None },
        protect_path: opens_by_password_alone(&dashboard).await?.then(|| paths.account()),
        chrome: dashboard.chrome(Place::Home, Vec::new()),
    };
    dashboard.page(StatusCode::OK, page.render())
}

async fn offer(dashboard: &DashboardRequest) -> Result<OperatorOffer, PageError> {
    let paths = dashboard.paths();
    let newest = dashboard.read(newest_tenants).await?;
    Ok(OperatorOffer {
        tenants_path: paths.operator_place(OperatorPlace::Tenants),
        new_tenant_path: paths.to("/dashboard/tenants/new"),
        newest: newest.iter().map(|tenant| newest_item(paths, tenant)).collect(),
    })
}

/// The newest tenants, without closed ones and without that of the platform, which is no customer's.
fn newest_tenants(context: &RegistryContext<'_>) -> RegistryResult<Vec<Tenant>> {
    let newest = Page { direction: Direction::Descending, ..Page::first(LOOKED_AT) };
    let mut tenants = list_tenants(context, &TenantFilter::default(), &newest)?;
    let platform: Option<TenantId> = match context.caller.reach {
        Reach::Platform => find_operator_app(context).ok().map(|app| app.tenant_id),
        Reach::Instance | Reach::Tenant { .. } | Reach::Nowhere => None,
    };
    tenants.retain(|tenant| tenant.state != TenantState::Closed && Some(tenant.id) != platform);
    tenants.truncate(NEWEST);
    Ok(tenants)
}

fn newest_item(paths: &PagePaths, tenant: &Tenant) -> NewestTenant {
    NewestTenant {
        name: tenant.name.to_string(),
        path: paths.tenant(tenant.id, ""),
        state: unusual_state(tenant),
        created_at: moment(tenant.created_at),
        new_app_path: (tenant.state == TenantState::Active).then(|| paths.tenant(tenant.id, "/apps/new")),
    }
}

fn unusual_state(tenant: &Tenant) -> Option<String> {
    (tenant.state != TenantState::Active).then(|| tenant.state.to_string())
}

/// Whether there is a password, and nothing better or beside it.
async fn opens_by_password_alone(dashboard: &DashboardRequest) -> Result<bool, PageError> {
    let signed_in = dashboard.person.signed_in.clone();
    let list = move |authority: &Authority| list_credentials(authority, &signed_in);
    let credentials = dashboard.person.page.run(list).await?;
    Ok(credentials.password_since.is_some()
        && credentials.totp_since.is_none()
        && credentials.passkeys.is_empty())
}

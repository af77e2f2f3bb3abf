//! `GET /dashboard/tenants/{tenant}`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::tenant_overview::{NextStep, QuickLink, TenantOverviewPage};
use turnkeep_console::parts::live_update::LiveUpdate;
use turnkeep_console::render::Render;
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_policy::permission::Permission;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::find_app::count_apps;
use turnkeep_service::token_requests::token_history::refusals_of_tenant;
use turnkeep_service::usage::tenant_usage::usage_of_tenant;

use super::dashboard_request::DashboardRequest;
use super::place::{Place, TenantPlace};
use super::shown::moment;
use super::tenant_standing::{obstacle, takes_apps};
use super::usage::HOURS_SHOWN;
use super::usage::by_app::usage_table;
use super::usage::gauges::{gauge_of_apps, gauges_of_tenant};
use super::usage::refusals::refusals_chart;
use crate::account::error_page::PageError;

/// How many apps the first page shows by their usage.
const APPS_SHOWN: usize = 5;

/// The page.
pub(crate) async fn show_tenant(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let tenant = dashboard.tenant()?.clone();
    let id = tenant.id;
    let look = move |context: &RegistryContext<'_>| {
        let refused = refusals_of_tenant(context, id, HOURS_SHOWN)?;
        Ok((count_apps(context, id)?, usage_of_tenant(context, id, APPS_SHOWN)?, refused))
    };
    let (apps, usage, refused) = dashboard.read(look).await?;
    let paths = dashboard.paths();
    let page = TenantOverviewPage {
        chrome: dashboard.chrome(Place::Tenant(TenantPlace::Overview), Vec::new()),
        name: tenant.name.to_string(),
        state: tenant.state.to_string(),
        is_active: tenant.state == TenantState::Active,
        state_since: moment(tenant.state_since),
        next_step: next_step(&dashboard, &tenant, apps),
        apps: gauge_of_apps(apps, tenant.app_limit.apps()),
        links: links(&dashboard, &tenant),
        windows: gauges_of_tenant(&usage.used, usage.at),
        usage: usage_table(paths, id, &usage),
        refusals: refusals_chart(&refused.refusals),
        live: LiveUpdate { path: paths.tenant(id, "") },
    };
    dashboard.page(StatusCode::OK, page.render())
}

/// What keeps apps from getting tokens, or what there is to do before there is anything to see.
fn next_step(dashboard: &DashboardRequest, tenant: &Tenant, apps: u32) -> Option<NextStep> {
    let manages = dashboard.may(Permission::ManageApps);
    let step = |heading, text| Some(NextStep { heading, text, link: None });
    if let Some(obstacle) = obstacle(tenant.state) {
        return step(obstacle.heading, obstacle.text);
    }
    match apps {
        0 if manages => Some(NextStep {
            heading: "Make the first app",
            text: "An app is a machine identity: a client id and a secret, tied to one region. Your backend exchanges \
                   them for tokens.",
            link: Some(QuickLink {
                id: "first-app-link",
                label: "Make the first app",
                path: dashboard.paths().tenant(tenant.id, "/apps/new"),
            }),
        }),
        0 => step("No app yet", "Owners and developers of this tenant make apps, which get tokens."),
        _ => None,
    }
}

fn links(dashboard: &DashboardRequest, tenant: &Tenant) -> Vec<QuickLink> {
    let link =
        |id, label, rest: &str| QuickLink { id, label, path: dashboard.paths().tenant(tenant.id, rest) };
    let makes_apps = dashboard.may(Permission::ManageApps) && takes_apps(tenant.state);
    let new_app = makes_apps.then(|| link("new-app-link", "New app", "/apps/new"));
    let members = dashboard.may(Permission::ReadMembers).then(|| link("members-link", "Members", "/members"));
    let audit = dashboard.may(Permission::ReadAudit).then(|| link("audit-link", "Audit", "/audit"));
    let may_change = dashboard.may(Permission::UpdateTenant);
    let edit = may_change.then(|| link("edit-tenant-link", "Settings of the tenant", "/edit"));
    let always = [link("apps-link", "All apps", "/apps"), link("usage-link", "Usage in full", "/usage")];
    always.into_iter().chain(new_app).chain(members).chain(audit).chain(edit).collect()
}

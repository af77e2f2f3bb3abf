//! `GET /dashboard/tenants/{tenant}/usage`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::tenant_usage::TenantUsagePage;
use turnkeep_console::parts::live_update::LiveUpdate;
use turnkeep_console::render::Render;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::token_requests::token_history::refusals_of_tenant;
use turnkeep_service::usage::show_usage::UsageHistory;
use turnkeep_service::usage::tenant_usage::{usage_history_of_tenant, usage_of_tenant};

use super::dashboard_request::DashboardRequest;
use super::place::{Place, TenantPlace, crumb_to_tenant};
use super::usage::HOURS_SHOWN;
use super::usage::bars::units_chart;
use super::usage::by_app::usage_table;
use super::usage::gauges::gauges_of_tenant;
use super::usage::refusals::refusals_chart;
use crate::account::error_page::PageError;

/// So that the page stays below 100 KiB.
const APPS_SHOWN: usize = 150;

/// The page.
pub(crate) async fn show_tenant_usage(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let tenant = dashboard.tenant()?.clone();
    let id = tenant.id;
    let look = move |context: &RegistryContext<'_>| {
        let history = usage_history_of_tenant(context, id, &UsageHistory::recent(UsageWindow::Day))?;
        Ok((
            usage_of_tenant(context, id, APPS_SHOWN)?,
            history,
            refusals_of_tenant(context, id, HOURS_SHOWN)?,
        ))
    };
    let (usage, history, refused) = dashboard.read(look).await?;
    let paths = dashboard.paths();
    let crumbs = vec![crumb_to_tenant(paths, &tenant)];
    let page = TenantUsagePage {
        chrome: dashboard.chrome(Place::Tenant(TenantPlace::Usage), crumbs),
        windows: gauges_of_tenant(&usage.used, usage.at),
        apps: usage_table(paths, id, &usage),
        units: units_chart(UsageWindow::Day, usage.at, &history, None),
        refusals: refusals_chart(&refused.refusals),
        live: LiveUpdate { path: paths.tenant(id, "/usage") },
    };
    dashboard.page(StatusCode::OK, page.render())
}

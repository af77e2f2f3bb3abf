//! `GET /dashboard/tenants/{tenant}/apps/{app}/usage`.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::app_usage::AppUsagePage;
use turnkeep_console::parts::bar_chart::BarChart;
use turnkeep_console::parts::live_update::LiveUpdate;
use turnkeep_console::render::Render;
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::token_requests::token_history::tokens_of_app;
use turnkeep_service::usage::show_usage::{AppUsage, PastWindow, ShownUsage, UsageHistory, usage_of_app};

use crate::account::error_page::PageError;
use crate::dashboard::apps::app_page::{AppPage, AppTab};
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::usage::HOURS_SHOWN;
use crate::dashboard::usage::bars::{tokens_chart, units_chart};
use crate::dashboard::usage::gauges::gauges_of_app;
use crate::dashboard::usage::refusals::refusals_chart;

/// The windows of which past ones are shown.
const CHARTS: [UsageWindow; 3] = [UsageWindow::Hour, UsageWindow::Day, UsageWindow::Month];

/// The page.
pub(crate) async fn show_app_usage(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    let page = AppPage::open(dashboard).await?;
    let id = page.app().id;
    let look = move |context: &RegistryContext<'_>| {
        let recent = CHARTS.map(UsageHistory::recent);
        Ok((usage_of_app(context, id, &recent)?, tokens_of_app(context, id, HOURS_SHOWN)?))
    };
    let (ShownUsage { usage, histories }, tokens) = page.dashboard.read(look).await?;
    let view = AppUsagePage {
        chrome: page.chrome(),
        head: page.head(AppTab::Usage),
        plan: usage.plan.as_ref().map(ToString::to_string),
        windows: gauges_of_app(&usage.judgement, usage.at),
        units: CHARTS.iter().zip(&histories).map(|(window, past)| chart(*window, &usage, past)).collect(),
        tokens: tokens_chart(usage.at, &tokens.hours),
        refusals: refusals_chart(&tokens.refusals),
        live: LiveUpdate { path: page.path("/usage") },
    };
    page.dashboard.page(StatusCode::OK, view.render())
}

fn chart(window: UsageWindow, usage: &AppUsage, past: &[PastWindow]) -> BarChart {
    let present = usage.judgement.windows.iter().find(|one| one.window == window);
    let limit = present.and_then(|one| Some(one.limited?.limit));
    units_chart(window, usage.at, past, limit)
}

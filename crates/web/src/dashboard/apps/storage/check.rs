//! `POST …/apps/{app}/storage/check`: tries the settings with a real request.

use actix_web::{HttpResponse, web};
use turnkeep_service::storage_settings::check_connection::check_storage_connection;

use super::show::show_refused;
use crate::account::error_page::PageError;
use crate::dashboard::apps::app_page::AppPage;
use crate::dashboard::dashboard_request::DashboardRequest;

/// Checks the connection. What came out is kept with the settings, so the page shows it from then on.
pub(crate) async fn submit_check(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    dashboard.read_form(payload).await?;
    let page = AppPage::open(dashboard).await?;
    let id = page.app().id;
    match page.dashboard.act(move |context| check_storage_connection(context, id)).await? {
        Ok(_) => Ok(page.dashboard.done(&page.path("/storage"), "checked")),
        Err(denial) => show_refused(&page, &denial, None).await,
    }
}

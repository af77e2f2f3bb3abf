//! `POST …/apps/{app}/storage/remove`: back to managed storage.

use actix_web::{HttpResponse, web};
use turnkeep_service::storage_settings::delete_settings::delete_storage_settings;

use super::show::show_refused;
use crate::account::error_page::PageError;
use crate::dashboard::apps::app_page::AppPage;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::form_version::form_version;

/// Removes the settings, with the secret key.
pub(crate) async fn submit_removal(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let page = AppPage::open(dashboard).await?;
    let (id, version) = (page.app().id, form_version(&mut form)?);
    match page.dashboard.act(move |context| delete_storage_settings(context, id, Some(version))).await? {
        Ok(()) => Ok(page.dashboard.done(&page.path("/storage"), "removed")),
        Err(denial) => show_refused(&page, &denial, None).await,
    }
}

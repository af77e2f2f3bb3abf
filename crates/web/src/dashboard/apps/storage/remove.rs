//! `POST …/apps/{app}/storage/remove`: back to managed storage.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_policy::permission::Permission;
use turnkeep_service::storage_settings::delete_settings::delete_storage_settings;

use super::show::{SETTINGS_ARE_LOST, show_refused, storage_page};
use crate::account::error_page::PageError;
use crate::dashboard::apps::app_page::AppPage;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::form_version::form_version;

/// Removes the settings, with the secret key, where it was ticked that this is meant.
pub(crate) async fn submit_removal(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let page = AppPage::open(dashboard).await?;
    let (id, version) = (page.app().id, form_version(&mut form)?);
    if let Err(errors) = SETTINGS_ARE_LOST.check(&mut form) {
        page.dashboard.require(Permission::ManageStorage)?;
        return storage_page(&page, StatusCode::UNPROCESSABLE_ENTITY, None, (None, &errors)).await;
    }
    match page.dashboard.act(move |context| delete_storage_settings(context, id, Some(version))).await? {
        Ok(()) => Ok(page.dashboard.done(&page.path("/storage"), "removed")),
        Err(denial) => show_refused(&page, &denial, None).await,
    }
}

//! `POST …/apps/{app}/storage`: other settings, or the first ones.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use turnkeep_policy::permission::Permission;
use turnkeep_protocol::presented_secret::PresentedSecret;
use turnkeep_service::storage_settings::precondition::Expected;
use turnkeep_service::storage_settings::put_settings::put_storage_settings;

use super::show::{show_refused, storage_page};
use super::typed::TypedStorage;
use crate::account::error_page::PageError;
use crate::dashboard::apps::app_page::AppPage;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::form_version::form_version;

/// Saves them, if there is what the form was made of.
pub(crate) async fn submit_storage(
    dashboard: DashboardRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let mut form = dashboard.read_form(payload).await?;
    let page = AppPage::open(dashboard).await?;
    let expected = match form.has("version") {
        true => Expected::Version(form_version(&mut form)?),
        false => Expected::Nothing,
    };
    let secret_key = form.take("secret_key").map(PresentedSecret::new);
    let typed = TypedStorage::read(&mut form);
    let plain_http = page.dashboard.person.page.state.authority.storage_plain_http();
    let command = match typed.command(secret_key, plain_http, expected) {
        Ok(command) => command,
        Err(errors) => {
            page.dashboard.require(Permission::ManageStorage)?;
            let refused = (Some(&typed), &errors);
            return storage_page(&page, StatusCode::UNPROCESSABLE_ENTITY, None, refused).await;
        }
    };
    let id = page.app().id;
    match page.dashboard.act(move |context| put_storage_settings(context, id, &command)).await? {
        Ok(_) => Ok(page.dashboard.done(&page.path("/storage"), "saved")),
        Err(denial) => show_refused(&page, &denial, Some(&typed)).await,
    }
}

//! Taking back what an app was allowed.

use actix_web::{HttpResponse, web};
use turnkeep_console::account::message::AccountMessage;
use turnkeep_domain::id::AppId;
use turnkeep_service::authorization::revoke_consent::{NoSuchConsent, revoke_consent};

use crate::account::error_page::PageError;
use crate::account::person::UrgentRequest;

/// `POST /account/consents/{id}/revoke`, by the app's id.
pub(crate) async fn submit_consent_revocation(
    UrgentRequest(person): UrgentRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    person.read_form(payload).await?;
    let app_id: AppId = person.path_id()?;
    let (user, request_id) = (person.signed_in.user.clone(), Some(person.page.context.request_id));
    match person.page.ask(move |authority| revoke_consent(authority, &user, app_id, request_id)).await? {
        Ok(()) => Ok(person.done(AccountMessage::ConsentRevoked)),
        Err(NoSuchConsent) => Err(PageError::NotFound),
    }
}

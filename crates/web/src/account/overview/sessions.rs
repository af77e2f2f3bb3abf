//! Ending sessions from the overview.

use actix_web::{HttpResponse, web};
use turnkeep_console::account::message::AccountMessage;
use turnkeep_domain::id::SessionId;
use turnkeep_service::sign_in::end_sessions::{end_other_sessions, end_session};

use super::refused::refused;
use crate::account::error_page::PageError;
use crate::account::person::UrgentRequest;

/// `POST /account/sessions/{id}/end`. Whoever ends the present one is asked to sign in next.
pub(crate) async fn submit_session_end(
    UrgentRequest(person): UrgentRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    person.read_form(payload).await?;
    let id: SessionId = person.path_id()?;
    let (signed_in, request_id) = (person.signed_in.clone(), Some(person.page.context.request_id));
    match person.page.ask(move |authority| end_session(authority, &signed_in, id, request_id)).await? {
        Ok(()) => Ok(person.done(AccountMessage::SessionEnded)),
        Err(denial) => refused(&person, denial).await,
    }
}

/// `POST /account/sessions/end-others`.
pub(crate) async fn submit_other_sessions_end(
    UrgentRequest(person): UrgentRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    person.read_form(payload).await?;
    let (signed_in, request_id) = (person.signed_in.clone(), Some(person.page.context.request_id));
    person.page.run(move |authority| end_other_sessions(authority, &signed_in, request_id)).await?;
    Ok(person.done(AccountMessage::SessionEnded))
}

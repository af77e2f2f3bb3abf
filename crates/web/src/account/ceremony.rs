//! What the script of pages passes to an authenticator: the options of a ceremony, and its sealed state to come back; or
//! why there are none.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::Value;
use turnkeep_console::account::message::AccountMessage;
use turnkeep_protocol::problem::Problem;
use turnkeep_service::sign_in::passkeys::PasskeyCeremony;

use crate::account::error_page::PageError;
use crate::account::page_request::PageRequest;
use crate::account::script_response::{JSON, script_response};
use crate::error::fault::FaultKind;

/// JSON with `publicKey` (WebAuthn Level 3 §5.1) and `ceremony`.
pub(crate) fn ceremony_response(
    page: &PageRequest,
    ceremony: &PasskeyCeremony,
) -> Result<HttpResponse, PageError> {
    let internal = PageError::Fault(FaultKind::Internal);
    let mut options: Value = serde_json::from_str(&ceremony.options_json).map_err(|_| internal)?;
    let members = options.as_object_mut().ok_or(internal)?;
    members.insert("ceremony".to_owned(), Value::String(ceremony.pending.clone()));
    Ok(script_response(page, StatusCode::OK, JSON, options.to_string()))
}

/// Why there is no ceremony, as a problem document (RFC 9457) whose `detail` the script shows.
pub(crate) fn ceremony_refused(page: &PageRequest, message: AccountMessage) -> HttpResponse {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let title = status.canonical_reason().unwrap_or("Error");
    let request_id = page.context.request_id.to_string();
    let mut problem = Problem::new(message.code(), title, status.as_u16(), request_id);
    problem.detail = Some(message.phrase().to_owned());
    // Texts and numbers always serialise.
    let body = serde_json::to_string(&problem).unwrap_or_default();
    script_response(page, status, "application/problem+json", body)
}

//! What the script of pages passes to an authenticator: the options of a ceremony, and its sealed state to come back.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};
use serde_json::Value;
use turnkeep_service::sign_in::passkeys::PasskeyCeremony;

use crate::account::error_page::PageError;
use crate::account::page::insert_page_headers;
use crate::account::page_request::PageRequest;
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
    let mut response = HttpResponse::Ok().body(options.to_string());
    let headers = response.headers_mut();
    insert_page_headers(headers, page.state.authority.base_url(), None);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

//! The authorization endpoint (RFC 6749 §3.1): apps send browsers here, by GET or by POST (OpenID Connect Core §3.1.2.1).

use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use turnkeep_protocol::authorization_request::AuthorizationParameters;

use crate::account::error_page::PageError;
use crate::account::page_request::PageRequest;
use crate::body::{BodyError, has_content_type, read_body};
use crate::connect::authorization::proceed::{Arrival, Asking, proceed};

/// 64 KiB, as much as a URL can have.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The request is in the query.
pub(crate) async fn by_get(page: PageRequest) -> Result<HttpResponse, PageError> {
    let parameters = AuthorizationParameters::parse(page.request.query_string().as_bytes());
    proceed(&page, Asking { parameters, began_at: None, reply: None, arrival: Arrival::Link }).await
}

/// The request is in the body; what is in the query does not count.
pub(crate) async fn by_post(
    page: PageRequest,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, PageError> {
    let body = read_form_body(&request, payload).await?;
    let parameters = AuthorizationParameters::parse(&body);
    proceed(&page, Asking { parameters, began_at: None, reply: None, arrival: Arrival::Form }).await
}

async fn read_form_body(request: &HttpRequest, payload: Payload) -> Result<Bytes, PageError> {
    if !has_content_type(request, &["application/x-www-form-urlencoded"]) {
        return Err(PageError::NotAForm);
    }
    read_body(request, payload, MAX_BODY_BYTES).await.map_err(|error| match error {
        BodyError::TooLarge => PageError::TooLarge,
        BodyError::TimedOut => PageError::BodyTimedOut,
        BodyError::Incomplete => PageError::MalformedRequest,
    })
}

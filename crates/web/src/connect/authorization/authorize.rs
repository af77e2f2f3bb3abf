//! The authorization endpoint (RFC 6749 §3.1): apps send browsers here, by GET or by POST (OpenID Connect Core §3.1.2.1).

use actix_web::HttpResponse;
use actix_web::web::Payload;
use turnkeep_protocol::authorization_request::AuthorizationParameters;

use crate::account::error_page::PageError;
use crate::account::page_form::read_form_body;
use crate::account::page_request::PageRequest;
use crate::connect::authorization::proceed::{Arrival, Asking, proceed};

/// The request is in the query.
pub(crate) async fn by_get(page: PageRequest) -> Result<HttpResponse, PageError> {
    let parameters = AuthorizationParameters::parse(page.request.query_string().as_bytes());
    proceed(&page, Asking { parameters, began_at: None, reply: None, arrival: Arrival::Link }).await
}

/// The request is in the body; what is in the query does not count.
pub(crate) async fn by_post(page: PageRequest, payload: Payload) -> Result<HttpResponse, PageError> {
    let body = read_form_body(&page.request, payload).await?;
    let parameters = AuthorizationParameters::parse(&body);
    proceed(&page, Asking { parameters, began_at: None, reply: None, arrival: Arrival::Form }).await
}

//! The answer to an app, in the way that it asked for.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::form_post::{FormPostPage, ResponseField};
use turnkeep_console::render::Render;
use turnkeep_protocol::authorization_request::ResponseMode;
use turnkeep_protocol::authorization_response::AuthorizationResponse;
use turnkeep_service::authorization::redirect_address::origin_of;

use crate::account::error_page::PageError;
use crate::account::page_request::PageRequest;

/// Sends it to a redirect URI that is known to be the app's. The browser goes there with GET, whatever it has sent
/// (RFC 9700 §4.12), or takes a form along.
pub(super) fn respond(
    page: &PageRequest,
    redirect_uri: &str,
    mode: ResponseMode,
    response: AuthorizationResponse,
) -> Result<HttpResponse, PageError> {
    match mode {
        ResponseMode::Query => Ok(page.see_other(&response.in_query_of(redirect_uri))),
        ResponseMode::FormPost => {
            let field = |(name, value): (&str, String)| ResponseField { name: name.to_owned(), value };
            let fields: Vec<ResponseField> = response.into_fields().into_iter().map(field).collect();
            let html = FormPostPage { frame: page.frame(), action: redirect_uri, fields: &fields }.render();
            page.page_towards(StatusCode::OK, html, Some(origin_of(redirect_uri)))
        }
    }
}

//! What the script of a page gets: a text with the headers of pages, for no other origin and no cache.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};

use crate::account::page::insert_page_headers;
use crate::account::page_request::PageRequest;

/// The media type of most answers.
pub(crate) const JSON: &str = "application/json";

/// The answer.
pub(crate) fn script_response(
    page: &PageRequest,
    status: StatusCode,
    media_type: &'static str,
    body: String,
) -> HttpResponse {
    let mut response = HttpResponse::build(status).body(body);
    let headers = response.headers_mut();
    insert_page_headers(headers, page.state.authority.base_url(), None);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

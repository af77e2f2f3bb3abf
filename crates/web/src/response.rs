//! Successful answers.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;

/// An answer of `/connect/…`: JSON that nobody keeps (RFC 6749 §5.1).
pub(crate) fn connect_json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    connect_response(status).content_type(ContentType::json()).json(body)
}

/// An answer of `/connect/…` that has no body yet.
pub(crate) fn connect_response(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.insert_header((header::PRAGMA, "no-cache"));
    response
}

//! Successful answers of the management API. None of them may be kept: what they show can change at any moment,
//! and some show a secret.

use std::fmt::Display;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;
use turnkeep_domain::version::RecordVersion;

fn respond(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response
}

/// A record with its version.
pub(super) fn record(version: RecordVersion, body: &impl Serialize) -> HttpResponse {
    respond(StatusCode::OK)
        .insert_header((header::ETAG, etag(version)))
        .content_type(ContentType::json())
        .json(body)
}

/// A list, or anything else without a version.
pub(super) fn view(body: &impl Serialize) -> HttpResponse {
    respond(StatusCode::OK).content_type(ContentType::json()).json(body)
}

/// Something new, and where it is now.
pub(super) fn created(
    location: String,
    version: Option<RecordVersion>,
    body: &impl Serialize,
) -> HttpResponse {
    let mut response = respond(StatusCode::CREATED);
    response.insert_header((header::LOCATION, location));
    if let Some(version) = version {
        response.insert_header((header::ETAG, etag(version)));
    }
    response.content_type(ContentType::json()).json(body)
}

/// It is done, and there is nothing to show.
pub(super) fn done() -> HttpResponse {
    respond(StatusCode::NO_CONTENT).finish()
}

fn etag(version: RecordVersion) -> String {
    quoted(version.as_number())
}

fn quoted(text: impl Display) -> String {
    format!("\"{text}\"")
}

//! Successful answers of the management API. None of them may be kept: what they show can change at any moment,
//! and some show a secret.

use std::fmt::Display;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType, HeaderName};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;
use turnkeep_domain::version::RecordVersion;
use turnkeep_service::registry::idempotency::KeptAnswer;

const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

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

/// Something new that is where the request put it.
pub(super) fn put(version: RecordVersion, body: &impl Serialize) -> HttpResponse {
    respond(StatusCode::CREATED)
        .insert_header((header::ETAG, etag(version)))
        .content_type(ContentType::json())
        .json(body)
}

/// Something new with a secret in it, which is shown in this answer only.
pub(super) fn created_with_secret<T: ShownOnce>(
    location: String,
    version: Option<RecordVersion>,
    mut body: T,
) -> HttpResponse {
    let mut response = created(location, version, &body);
    body.withhold();
    // Texts and numbers always serialise.
    let withheld = serde_json::to_string(&body).unwrap_or_default();
    response.extensions_mut().insert(BodyToKeep(withheld));
    response
}

/// A view of which only a shorter form is kept, for calls that are repeated.
pub(super) fn view_with_kept_form(body: &impl Serialize, kept: &impl Serialize) -> HttpResponse {
    let mut response = view(body);
    response.extensions_mut().insert(BodyToKeep(serde_json::to_string(kept).unwrap_or_default()));
    response
}

/// A body that is JSON already.
pub(super) fn json_text(text: String) -> HttpResponse {
    respond(StatusCode::OK).content_type(ContentType::json()).body(text)
}

/// A body with a secret in it.
pub(super) trait ShownOnce: Serialize {
    /// Takes the secret out and says so.
    fn withhold(&mut self);
}

/// What may be kept of an answer that shows a secret, or too much.
pub(super) struct BodyToKeep(pub(super) String);

/// The answer to an earlier request (`Idempotency-Key`).
pub(super) fn replayed(kept: KeptAnswer) -> HttpResponse {
    let mut response = respond(StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK));
    response.insert_header((IDEMPOTENCY_REPLAYED, "true"));
    for (name, value) in [(header::ETAG, kept.etag), (header::LOCATION, kept.location)] {
        if let Some(value) = value {
            response.insert_header((name, value));
        }
    }
    if kept.body.is_empty() {
        return response.finish();
    }
    response.content_type(ContentType::json()).body(kept.body)
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

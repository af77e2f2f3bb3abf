//! What issuers publish for everybody. Built from settings and records, never from request headers.

use actix_web::HttpResponseBuilder;
use actix_web::http::header;

pub(crate) mod key_set;
pub(crate) mod kill_marks;
pub(crate) mod metadata;

/// Anybody's browser may read it, and keep it for five minutes.
fn publish(response: &mut HttpResponseBuilder) {
    response.insert_header((header::CACHE_CONTROL, "public, max-age=300"));
    response.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
}

//! Which page of another origin may read an answer of `/connect/token` and `/connect/revoke` (CORS, Fetch §3.2).

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};
use turnkeep_domain::slug::Slug;
use turnkeep_service::authority::Authority;
use turnkeep_service::tokens::allowed_origin::is_allowed_origin;

use crate::body::single_header;

/// The origin, as the browser sent it.
#[derive(Clone)]
struct AllowedOrigin(HeaderValue);

/// Keeps the origin of a request whose client was looked up, if pages of it may read the answer.
pub(crate) fn note_origin(authority: &Authority, request: &HttpRequest, issuer: &Slug, client_id: &str) {
    let Some(origin) = single_header(request, &header::ORIGIN) else {
        return;
    };
    if is_allowed_origin(authority, issuer, client_id, origin)
        && let Ok(value) = HeaderValue::from_str(origin)
    {
        request.extensions_mut().insert(AllowedOrigin(value));
    }
}

/// Without credentials: a public app has none, and cookies play no part there.
pub(crate) fn tell_origin(request: &HttpRequest, headers: &mut HeaderMap) {
    if let Some(AllowedOrigin(origin)) = request.extensions().get::<AllowedOrigin>() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
}

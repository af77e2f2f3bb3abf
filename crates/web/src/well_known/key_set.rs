//! The key set (RFC 7517 §5).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use turnkeep_service::keys::publish_key_set::publish_key_set;

use crate::blocking::Urgency;
use crate::error::api_error::ApiError;
use crate::from_memory::run_from_memory;
use crate::issuer::AddressedIssuer;
use crate::request_context::RequestContext;
use crate::state::WebState;
use crate::well_known::publish;

/// `/.well-known/jwks.json`.
pub(crate) async fn key_set(
    state: web::Data<WebState>,
    context: RequestContext,
    AddressedIssuer(issuer): AddressedIssuer,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let key_set = run_from_memory(&state, Urgency::Usual, move |authority, look_up| {
        publish_key_set(authority, &issuer, look_up)
    })
    .await
    .map_err(|not_run| ApiError::not_run(&not_run, context.request_id))?
    .map_err(|failure| ApiError::from_failure(failure, context.request_id))?;
    let known = is_known(&request, key_set.etag());
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    publish(&mut response);
    response.insert_header((header::ETAG, key_set.etag()));
    Ok(if known {
        response.finish()
    } else {
        response.content_type("application/jwk-set+json").body(key_set.as_json().to_owned())
    })
}

/// Whether the client has this very document (RFC 9110 §13.1.2: weak comparison).
pub(crate) fn is_known(request: &HttpRequest, etag: &str) -> bool {
    let values = request.headers().get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|candidate| candidate == "*" || candidate.strip_prefix("W/").unwrap_or(candidate) == etag)
}

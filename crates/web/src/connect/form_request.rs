//! The shape of every request to `/connect/…`: a form in the body, nothing secret in the URL.

use actix_web::HttpRequest;
use actix_web::web::Payload;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::oauth_error::ErrorDescription;

use crate::body::{BodyError, has_content_type, read_body};
use crate::error::connect_error::ConnectError;

/// 64 KiB.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// What is never accepted in a URL (RFC 6749 §2.3.1, RFC 6750 §2.3): URLs end up in logs.
const NOT_IN_QUERY: [&str; 8] = [
    "client_secret",
    "client_assertion",
    "access_token",
    "refresh_token",
    "token",
    "code",
    "username",
    "password",
];

const IN_QUERY: ErrorDescription = ErrorDescription::new("credentials must not be in the URL");

/// Refuses a query with a secret in it.
pub(super) fn refuse_credentials_in(query: &FormParameters) -> Result<(), ConnectError> {
    if NOT_IN_QUERY.into_iter().any(|name| query.has(name)) {
        return Err(ConnectError::invalid_request(IN_QUERY));
    }
    Ok(())
}

/// Reads the form.
pub(super) async fn read_form(
    request: &HttpRequest,
    payload: Payload,
) -> Result<FormParameters, ConnectError> {
    const CONTENT_TYPE: ErrorDescription =
        ErrorDescription::new("the body must be application/x-www-form-urlencoded");
    const INCOMPLETE: ErrorDescription = ErrorDescription::new("the body did not arrive");
    let query = FormParameters::parse(request.query_string().as_bytes())?;
    if query.has("client_id") {
        return Err(ConnectError::invalid_request(IN_QUERY));
    }
    refuse_credentials_in(&query)?;
    if !has_content_type(request, &["application/x-www-form-urlencoded"]) {
        return Err(ConnectError::invalid_request(CONTENT_TYPE));
    }
    let body = read_body(request, payload, MAX_BODY_BYTES).await.map_err(|error| match error {
        BodyError::TooLarge => ConnectError::BodyTooLarge,
        BodyError::TimedOut => ConnectError::BodyTimedOut,
        BodyError::Incomplete => ConnectError::invalid_request(INCOMPLETE),
    })?;
    Ok(FormParameters::parse(&body)?)
}

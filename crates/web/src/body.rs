//! Reading request bodies: bounded in size and time, in one content coding.

use std::time::Duration;

use actix_web::http::header;
use actix_web::rt::time::timeout;
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, http::header::HeaderName};

/// How long a client may take to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// More bytes than allowed.
    TooLarge,
    /// The connection broke, or the framing is malformed.
    Incomplete,
    /// It took too long.
    TimedOut,
}

/// The whole body.
pub(crate) async fn read_body(
    request: &HttpRequest,
    payload: Payload,
    limit: usize,
) -> Result<Bytes, BodyError> {
    let announced =
        single_header(request, &header::CONTENT_LENGTH).and_then(|text| text.parse::<usize>().ok());
    if announced.is_some_and(|length| limit < length) {
        return Err(BodyError::TooLarge);
    }
    match timeout(BODY_TIMEOUT, payload.to_bytes_limited(limit)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(_))) => Err(BodyError::Incomplete),
        Ok(Err(_)) => Err(BodyError::TooLarge),
        Err(_) => Err(BodyError::TimedOut),
    }
}

/// Whether the request's content type is one of these, in UTF-8 if it names a charset, and the body is not
/// compressed.
pub(crate) fn has_content_type(request: &HttpRequest, accepted: &[&str]) -> bool {
    let Some(value) = single_header(request, &header::CONTENT_TYPE).map(str::to_ascii_lowercase) else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let known = parts.next().is_some_and(|media_type| accepted.contains(&media_type));
    let utf8 = parts
        .filter_map(|parameter| parameter.strip_prefix("charset="))
        .all(|charset| charset.trim_matches('"') == "utf-8");
    known && utf8 && !request.headers().contains_key(header::CONTENT_ENCODING)
}

/// A header that is there exactly once and is text.
pub(crate) fn single_header<'a>(request: &'a HttpRequest, name: &HeaderName) -> Option<&'a str> {
    let mut values = request.headers().get_all(name);
    let first = values.next()?;
    if values.next().is_some() { None } else { first.to_str().ok() }
}

//! The bodies that pages send: forms of bounded size, each parameter at most once.

use actix_web::HttpRequest;
use actix_web::web::Payload;
use turnkeep_protocol::form::{FormError, FormParameters};

use crate::account::error_page::PageError;
use crate::body::{BodyError, has_content_type, read_body};

/// 64 KiB: room for an interaction and the answer of an authenticator.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Reads a form.
pub(crate) async fn read_page_form(
    request: &HttpRequest,
    payload: Payload,
) -> Result<FormParameters, PageError> {
    if !has_content_type(request, &["application/x-www-form-urlencoded"]) {
        return Err(PageError::NotAForm);
    }
    let body = read_body(request, payload, MAX_BODY_BYTES).await.map_err(|error| match error {
        BodyError::TooLarge => PageError::TooLarge,
        BodyError::TimedOut => PageError::BodyTimedOut,
        BodyError::Incomplete => PageError::MalformedRequest,
    })?;
    Ok(FormParameters::parse(&body)?)
}

/// Reads the parameters of the query.
pub(crate) fn read_page_query(request: &HttpRequest) -> Result<FormParameters, PageError> {
    Ok(FormParameters::parse(request.query_string().as_bytes())?)
}

impl From<FormError> for PageError {
    fn from(error: FormError) -> Self {
        match error {
            FormError::Repeated => Self::DuplicateParameter,
            FormError::NotUtf8 | FormError::BadEncoding | FormError::TooMany => Self::MalformedRequest,
        }
    }
}

//! What browsers send to pages: forms of bounded size and queries, each parameter at most once.

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Payload};
use turnkeep_protocol::form::{FormError, FormParameters};

use crate::account::error_page::PageError;
use crate::body::{BodyError, has_content_type, read_body};

/// 64 KiB: room for an interaction and the answer of an authenticator, and as much as a URL can have.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Reads a form.
pub(crate) async fn read_page_form(
    request: &HttpRequest,
    payload: Payload,
) -> Result<FormParameters, PageError> {
    Ok(FormParameters::parse(&read_form_body(request, payload).await?)?)
}

/// Reads the body of a form, which can have parameters more than once.
pub(crate) async fn read_form_body(request: &HttpRequest, payload: Payload) -> Result<Bytes, PageError> {
    if !has_content_type(request, &["application/x-www-form-urlencoded"]) {
        return Err(PageError::NotAForm);
    }
    read_body(request, payload, MAX_BODY_BYTES).await.map_err(|error| match error {
        BodyError::TooLarge => PageError::TooLarge,
        BodyError::TimedOut => PageError::BodyTimedOut,
        BodyError::Incomplete => PageError::MalformedRequest,
    })
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

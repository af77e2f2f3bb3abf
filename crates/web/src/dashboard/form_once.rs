//! What makes a form one that is carried out once, in its hidden field `once`: a page that is loaded anew sends its form
//! a second time. For forms that are about no version of a record; the others have [`form_version`](super::form_version).

use sha2::{Digest, Sha256};
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::registry::idempotency::{IdempotencyClaim, IdempotencyKey};

use super::dashboard_request::DashboardRequest;
use crate::account::error_page::PageError;

/// The field of a form of this page: no other page that was ever made has the same.
pub(crate) fn once(dashboard: &DashboardRequest) -> String {
    dashboard.person.page.context.request_id.to_string()
}

/// What keeps the form from being carried out again. Our forms always have the field.
pub(crate) fn form_once(
    dashboard: &DashboardRequest,
    form: &mut FormParameters,
) -> Result<IdempotencyClaim, PageError> {
    let text = form.take("once").filter(|text| !text.is_empty()).ok_or(PageError::MalformedRequest)?;
    let key = IdempotencyKey::parse(&format!("page-{text}")).ok_or(PageError::MalformedRequest)?;
    let path = dashboard.person.page.request.path();
    Ok(IdempotencyClaim::new(key, Sha256::digest(path.as_bytes()).into()))
}

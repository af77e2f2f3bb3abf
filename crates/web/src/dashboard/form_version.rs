//! The version of a record that a form was made of, in its hidden field `version`: what was changed since is not overwritten.

use turnkeep_domain::version::RecordVersion;
use turnkeep_protocol::form::FormParameters;

use crate::account::error_page::PageError;

/// The version. Our forms always have one.
pub(crate) fn form_version(form: &mut FormParameters) -> Result<RecordVersion, PageError> {
    let number = form.take("version").and_then(|text| text.parse().ok());
    number.map(RecordVersion::from_number).ok_or(PageError::MalformedRequest)
}

//! The name of an instance, as people know it: what its pages are headed with.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::slug::Slug;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::{UnknownIssuer, known_issuer};
use crate::snapshot::look_up::LookUp;

/// The name of an issuer that answers.
pub fn issuer_name(
    authority: &Authority,
    issuer: &Slug,
    look_up: LookUp,
) -> Result<DisplayName, Failure<UnknownIssuer>> {
    Ok(known_issuer(authority, issuer, look_up)?.catalogue.instance.name.clone())
}

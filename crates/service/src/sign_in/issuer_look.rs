//! How the pages of an instance look: the name that they are headed with, and their colour.

use turnkeep_domain::accent::Accent;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::slug::Slug;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::{UnknownIssuer, known_issuer};
use crate::snapshot::look_up::LookUp;

/// What the pages of an instance have of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerLook {
    /// Its name, as people know it.
    pub name: DisplayName,
    /// Its accent colour.
    pub accent: Accent,
}

/// The look of an issuer that answers.
pub fn issuer_look(
    authority: &Authority,
    issuer: &Slug,
    look_up: LookUp,
) -> Result<IssuerLook, Failure<UnknownIssuer>> {
    let known = known_issuer(authority, issuer, look_up)?;
    let instance = &known.catalogue.instance;
    Ok(IssuerLook { name: instance.name.clone(), accent: instance.accent })
}

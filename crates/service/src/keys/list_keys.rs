//! The published signing keys of an instance, for operators.

use turnkeep_domain::signing_key::SigningKey;
use turnkeep_domain::slug::Slug;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::UnknownIssuer;

/// The oldest first.
pub fn list_keys(authority: &Authority, instance: &Slug) -> Result<Vec<SigningKey>, Failure<UnknownIssuer>> {
    let stored = authority.store.read(|reads| match reads.find_instance_by_slug(instance)? {
        Some(instance) => reads.list_published_signing_keys(instance.id).map(Some),
        None => Ok(None),
    })?;
    let stored = stored.ok_or(Failure::Denied(UnknownIssuer))?;
    Ok(stored.into_iter().map(|stored| stored.key).collect())
}

//! An instance with its catalogue and its keys, as of a change.

use std::sync::Arc;

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::slug::Slug;
use turnkeep_storage::error::StoreResult;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::keys::key_ring::KeyRing;
use crate::snapshot::catalogue::Catalogue;

/// Everything about an issuer that is the same for all of its apps.
pub(crate) struct CachedIssuer {
    pub(crate) catalogue: Catalogue,
    /// `None` if the keys do not open with the master key.
    ring: Option<KeyRing>,
    /// The issuer identifier.
    pub(crate) url: String,
    pub(crate) as_of: ChangeSequence,
}

impl CachedIssuer {
    /// Reads an instance; `None` if there is none of that name.
    pub(crate) fn read(authority: &Authority, slug: &Slug) -> Result<Option<Arc<Self>>, Fault> {
        let read = authority.store.read(|reads| {
            let as_of = reads.change_sequence()?;
            let Some(instance) = reads.find_instance_by_slug(slug)? else {
                return Ok(None);
            };
            let keys = reads.list_published_signing_keys(instance.id)?;
            StoreResult::Ok(Some((Catalogue::read(reads, instance)?, keys, as_of)))
        })?;
        let Some((catalogue, keys, as_of)) = read else {
            return Ok(None);
        };
        // Whoever needs no key is still answered.
        let opened = KeyRing::open(authority, &keys);
        if let Err(fault) = &opened {
            tracing::error!(instance = %slug, error = %fault, "the keys of an instance cannot be used");
        }
        let ring = opened.ok();
        let url = authority.base_url.issuer_of(slug);
        Ok(Some(Arc::new(Self { catalogue, ring, url, as_of })))
    }

    /// Its keys.
    pub(crate) fn ring(&self) -> Result<&KeyRing, Fault> {
        let unusable = || Fault::signing_key("using the keys of an instance")("they do not open".into());
        self.ring.as_ref().ok_or_else(unusable)
    }
}

//! An instance with its catalogue and its keys, as of a change.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::slug::Slug;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::signing_key::StoredSigningKey;
use turnkeep_verify::access_token::AccessTokenVerifier;
use turnkeep_verify::seen_tokens::RememberingVerifier;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::keys::key_ring::KeyRing;
use crate::snapshot::catalogue::Catalogue;
use crate::tokens::publish_kill_marks::PublishedKillMarks;

/// Everything about an issuer that is the same for all of its apps.
pub(crate) struct CachedIssuer {
    pub(crate) catalogue: Catalogue,
    /// `None` if the keys do not open with the master key.
    ring: Option<Arc<KeyRing>>,
    /// Checks this issuer's own tokens, those that it has seen before without their signature.
    pub(crate) verifier: Arc<RememberingVerifier>,
    /// The issuer identifier.
    pub(crate) url: String,
    /// Its kill marks as they were signed last.
    pub(crate) kill_marks: ArcSwapOption<PublishedKillMarks>,
    pub(crate) as_of: ChangeSequence,
}

impl CachedIssuer {
    /// Reads an instance; `None` if there is none of that name. Keys that have not changed are taken from `before`: they
    /// are parsed once.
    pub(crate) fn read(
        authority: &Authority,
        slug: &Slug,
        before: Option<&Self>,
    ) -> Result<Option<Arc<Self>>, Fault> {
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
        let kept = before.and_then(|before| before.ring.clone()).filter(|ring| ring.is_of(&keys));
        let ring = kept.or_else(|| open(authority, slug, &keys));
        let url = authority.base_url.issuer_of(slug);
        let verifier = match before {
            Some(before) => Arc::clone(&before.verifier),
            None => Arc::new(RememberingVerifier::new(
                AccessTokenVerifier::new(url.as_str()),
                authority.settings.seen_token_bytes,
            )),
        };
        let kill_marks = ArcSwapOption::empty();
        Ok(Some(Arc::new(Self { catalogue, ring, verifier, url, kill_marks, as_of })))
    }

    /// Its keys.
    pub(crate) fn ring(&self) -> Result<&KeyRing, Fault> {
        let unusable = || Fault::signing_key("using the keys of an instance")("they do not open".into());
        self.ring.as_deref().ok_or_else(unusable)
    }
}

/// Whoever needs no key is answered without.
fn open(authority: &Authority, slug: &Slug, keys: &[StoredSigningKey]) -> Option<Arc<KeyRing>> {
    match KeyRing::open(authority, keys) {
        Ok(ring) => Some(Arc::new(ring)),
        Err(fault) => {
            tracing::error!(instance = %slug, error = %fault, "the keys of an instance cannot be used");
            None
        }
    }
}

//! The published keys of an instance, parsed once and kept until something changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_domain::signing_key::{SigningAlgorithm, SigningKeyState};
use turnkeep_domain::slug::Slug;
use turnkeep_storage::signing_key::StoredSigningKey;
use turnkeep_token::access_token::ActiveSigner;
use turnkeep_token::jwks::JwkSet;
use turnkeep_token::private_key::PrivateKey;
use turnkeep_token::public_jwk::PublicJwk;
use turnkeep_token::sealing::SealedBytes;
use turnkeep_verify::key_set::KeySet;

use crate::authority::Authority;
use crate::failure::Fault;

/// The keys of one instance, ready to sign and to verify with.
pub struct KeyRing {
    signers: Vec<ActiveSigner>,
    /// For verifying our own tokens.
    pub(crate) verification_keys: KeySet,
    /// For everybody else.
    pub(crate) key_set: JwkSet,
    /// The change that these keys are as of.
    sequence: ChangeSequence,
}

impl KeyRing {
    /// The active key of an algorithm.
    pub(crate) fn signer(&self, algorithm: SigningAlgorithm) -> Option<&ActiveSigner> {
        self.signers.iter().find(|signer| signer.algorithm() == algorithm)
    }

    /// The algorithms that are signed with at present.
    pub(crate) fn algorithms(&self) -> impl Iterator<Item = SigningAlgorithm> {
        self.signers.iter().map(ActiveSigner::algorithm)
    }

    fn read(authority: &Authority, instance_id: InstanceId) -> Result<Self, Fault> {
        let (stored, sequence) = authority
            .store
            .read(|reads| Ok((reads.list_published_signing_keys(instance_id)?, reads.change_sequence()?)))?;
        let signers = stored
            .iter()
            .filter(|key| matches!(key.key.state, SigningKeyState::Active { .. }))
            .map(|key| open_signer(authority, key))
            .collect::<Result<_, _>>()?;
        let public = stored
            .iter()
            .map(|key| PublicJwk::parse(&key.public_jwk))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Fault::signing_key("reading a public key")(error.into()))?;
        let key_set = JwkSet::new(public);
        let verification_keys = KeySet::from_jwks(key_set.as_bytes())
            .map_err(|error| Fault::signing_key("reading the key set")(error.into()))?;
        Ok(Self { signers, verification_keys, key_set, sequence })
    }
}

fn open_signer(authority: &Authority, stored: &StoredSigningKey) -> Result<ActiveSigner, Fault> {
    let key = open_private_key(authority, stored)?;
    ActiveSigner::new(stored.key.id, &key)
        .map_err(|error| Fault::signing_key("preparing a signing key")(error.into()))
}

/// Opens a sealed key with the master keys at hand.
pub(crate) fn open_private_key(
    authority: &Authority,
    stored: &StoredSigningKey,
) -> Result<PrivateKey, Fault> {
    let sealed = SealedBytes::from_stored(stored.sealed_private_key.clone().unwrap_or_default());
    PrivateKey::open(&authority.master_keys, stored.key.instance_id, stored.key.id, &sealed)
        .map_err(|error| Fault::signing_key("opening a private key")(error.into()))
}

/// An issuer that is not off, with its keys as of now.
pub(crate) fn ring_of_issuer(
    authority: &Authority,
    issuer: &Slug,
) -> Result<Option<(Instance, Arc<KeyRing>)>, Fault> {
    let (instance, sequence) =
        authority.store.read(|reads| Ok((reads.find_instance_by_slug(issuer)?, reads.change_sequence()?)))?;
    match instance.filter(|instance| instance.state == InstanceState::Active) {
        Some(instance) => {
            let ring = authority.key_rings.as_of(authority, instance.id, sequence)?;
            Ok(Some((instance, ring)))
        }
        None => Ok(None),
    }
}

/// The key rings of all instances.
///
/// A ring is good for what was decided as of the same change or an earlier one: rotating a key is a change, so a
/// key that was taken out of service anywhere in the cluster is never used for a later decision.
#[derive(Default)]
pub(crate) struct KeyRings(Mutex<HashMap<InstanceId, Arc<KeyRing>>>);

impl KeyRings {
    /// The keys of an instance as of this change or a later one.
    pub(crate) fn as_of(
        &self,
        authority: &Authority,
        instance_id: InstanceId,
        sequence: ChangeSequence,
    ) -> Result<Arc<KeyRing>, Fault> {
        if let Some(ring) = self.lock().get(&instance_id)
            && sequence <= ring.sequence
        {
            return Ok(Arc::clone(ring));
        }
        let read = Arc::new(KeyRing::read(authority, instance_id)?);
        let mut rings = self.lock();
        let kept = rings.entry(instance_id).or_insert_with(|| Arc::clone(&read));
        if kept.sequence < read.sequence {
            *kept = Arc::clone(&read);
        }
        Ok(read)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<InstanceId, Arc<KeyRing>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

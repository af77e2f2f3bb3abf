//! The published keys of an instance, parsed once and kept for a few seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use turnkeep_domain::id::InstanceId;
use turnkeep_domain::signing_key::{SigningAlgorithm, SigningKeyState};
use turnkeep_domain::time::Timestamp;
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
    read_at: Timestamp,
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
        let read_at = authority.now();
        let stored = authority.store.read(|reads| reads.list_published_signing_keys(instance_id))?;
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
        Ok(Self { signers, verification_keys, key_set, read_at })
    }
}

fn open_signer(authority: &Authority, stored: &StoredSigningKey) -> Result<ActiveSigner, Fault> {
    let sealed = SealedBytes::from_stored(stored.sealed_private_key.clone().unwrap_or_default());
    let key = PrivateKey::open(&authority.master_keys, stored.key.instance_id, stored.key.id, &sealed)
        .map_err(|error| Fault::signing_key("opening a private key")(error.into()))?;
    ActiveSigner::new(stored.key.id, &key)
        .map_err(|error| Fault::signing_key("preparing a signing key")(error.into()))
}

/// The key rings of all instances.
#[derive(Default)]
pub(crate) struct KeyRings(Mutex<Cache>);

#[derive(Default)]
struct Cache {
    rings: HashMap<InstanceId, Arc<KeyRing>>,
    /// How often rings were forgotten.
    changes: u64,
}

impl KeyRings {
    /// The keys of an instance, read again when they are older than the setting says.
    pub(crate) fn of(&self, authority: &Authority, instance_id: InstanceId) -> Result<Arc<KeyRing>, Fault> {
        self.no_older_than(authority, instance_id, authority.settings.key_cache)
    }

    /// The keys of an instance as they were this long ago, or later: for when the ring at hand lacks a key that
    /// another node may have made a moment ago.
    pub(crate) fn no_older_than(
        &self,
        authority: &Authority,
        instance_id: InstanceId,
        max_age: Duration,
    ) -> Result<Arc<KeyRing>, Fault> {
        let now = authority.now();
        let changes = {
            let cache = self.lock();
            if let Some(ring) = cache.rings.get(&instance_id)
                && now.since(ring.read_at) < max_age
            {
                return Ok(Arc::clone(ring));
            }
            cache.changes
        };
        let ring = Arc::new(KeyRing::read(authority, instance_id)?);
        let mut cache = self.lock();
        // What was read before a change must not be kept after it.
        if cache.changes == changes {
            cache.rings.insert(instance_id, Arc::clone(&ring));
        }
        Ok(ring)
    }

    /// Forgets what was read, after a change.
    pub(crate) fn forget(&self, instance_id: InstanceId) {
        let mut cache = self.lock();
        cache.changes += 1;
        cache.rings.remove(&instance_id);
    }

    fn lock(&self) -> MutexGuard<'_, Cache> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

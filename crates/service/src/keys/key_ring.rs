//! The published keys of an instance, parsed once.

use std::sync::Arc;

use turnkeep_domain::id::SigningKeyId;
use turnkeep_domain::signing_key::{SigningAlgorithm, SigningKeyState};
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
pub(crate) struct KeyRing {
    signers: Vec<ActiveSigner>,
    /// For verifying our own tokens.
    pub(crate) verification_keys: Arc<KeySet>,
    /// For everybody else.
    pub(crate) key_set: JwkSet,
    /// What it was made of: each key, and whether it signs.
    made_of: Vec<(SigningKeyId, bool)>,
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

    /// Opens what is stored of an instance's published keys.
    pub(crate) fn open(authority: &Authority, stored: &[StoredSigningKey]) -> Result<Self, Fault> {
        let signers = stored
            .iter()
            .filter(|key| is_active(key))
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
        let verification_keys = Arc::new(verification_keys);
        Ok(Self { signers, verification_keys, key_set, made_of: made_of(stored) })
    }

    /// Whether these are the keys that it was made of, in the same states.
    pub(crate) fn is_of(&self, stored: &[StoredSigningKey]) -> bool {
        self.made_of == made_of(stored)
    }
}

fn made_of(stored: &[StoredSigningKey]) -> Vec<(SigningKeyId, bool)> {
    stored.iter().map(|key| (key.key.id, is_active(key))).collect()
}

fn is_active(stored: &StoredSigningKey) -> bool {
    matches!(stored.key.state, SigningKeyState::Active { .. })
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

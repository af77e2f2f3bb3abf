//! Signing keys, private parts sealed.

use std::fmt;

use turnkeep_domain::id::{InstanceId, SigningKeyId};
use turnkeep_domain::signing_key::{SigningKey, SigningKeyState};

use crate::error::StoreResult;

/// A signing key as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSigningKey {
    /// Its life.
    pub key: SigningKey,
    /// The public JWK (RFC 7517 §4), as JSON.
    pub public_jwk: String,
    /// The private key under the master key; `None` once it is erased.
    pub sealed_private_key: Option<Vec<u8>>,
}

impl fmt::Debug for StoredSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSigningKey").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Reads of signing keys.
pub trait SigningKeyReads {
    /// The published keys of an instance (every state but `Gone`), the oldest first.
    fn list_published_signing_keys(&mut self, instance_id: InstanceId) -> StoreResult<Vec<StoredSigningKey>>;
}

/// Changes of signing keys.
pub trait SigningKeyWrites {
    /// Adds a key.
    fn insert_signing_key(&mut self, key: &StoredSigningKey) -> StoreResult<()>;
    /// Moves a key on in its life; `Gone` erases the private key.
    fn update_signing_key_state(
        &mut self,
        instance_id: InstanceId,
        id: SigningKeyId,
        state: SigningKeyState,
    ) -> StoreResult<()>;
    /// Puts the same private key, sealed again, in the place of one that was not erased.
    fn reseal_signing_key(
        &mut self,
        instance_id: InstanceId,
        id: SigningKeyId,
        sealed_private_key: &[u8],
    ) -> StoreResult<()>;
}

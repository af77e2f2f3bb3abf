//! Requests that must not be done twice (`Idempotency-Key`).

use turnkeep_domain::id::InstanceId;
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;
use crate::outcome::Inserted;

/// What tells one request from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The instance that was called.
    pub instance_id: InstanceId,
    /// Text form of the caller, as in the audit trail.
    pub actor: String,
    /// SHA-256 of the key that the caller chose.
    pub key_hash: [u8; 32],
}

/// A request that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentRequest {
    /// Its key.
    pub key: IdempotencyKey,
    /// SHA-256 of everything that the request says.
    pub fingerprint: [u8; 32],
    /// The answer, once it is known; never with a secret in it.
    pub answer: Option<KeptAnswer>,
    /// When it was done.
    pub created_at: Timestamp,
    /// From when on it is forgotten.
    pub expires_at: Timestamp,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Its status.
    pub status: u16,
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Location`.
    pub location: Option<String>,
    /// Its body.
    pub body: Vec<u8>,
}

/// Reads of idempotent requests.
pub trait IdempotencyReads {
    /// The request with this key, unless it is forgotten.
    fn find_idempotent_request(
        &mut self,
        key: &IdempotencyKey,
        now: Timestamp,
    ) -> StoreResult<Option<IdempotentRequest>>;
}

/// Notes of idempotent requests, in the transaction that does what is asked.
pub trait IdempotencyWrites {
    /// Conflicts if there is one with this key. A forgotten one is replaced.
    fn insert_idempotent_request(&mut self, request: &IdempotentRequest) -> StoreResult<Inserted>;
}

//! Things that work once: consumed by one atomic verb, never read and then written.

use turnkeep_domain::id::InstanceId;
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;
use crate::outcome::Inserted;

/// A thing that works once, known by the SHA-256 of its handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleUse {
    /// The instance it belongs to.
    pub instance_id: InstanceId,
    /// SHA-256 of the handle that its holder presents.
    pub handle_hash: [u8; 32],
    /// From when on it no longer works.
    pub expires_at: Timestamp,
}

/// How a consumption ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Consumption {
    /// This caller has it. There is exactly one such caller.
    Consumed,
    /// Somebody was here before.
    AlreadyConsumed,
    /// No such thing, or it has expired.
    Unknown,
}

/// Changes of single-use things.
pub trait SingleUseWrites {
    /// Makes a thing that works once; conflicts on its handle.
    fn insert_single_use(&mut self, single_use: &SingleUse) -> StoreResult<Inserted>;
    /// Uses it up.
    fn consume_single_use(
        &mut self,
        instance_id: InstanceId,
        handle_hash: &[u8; 32],
        now: Timestamp,
    ) -> StoreResult<Consumption>;
}

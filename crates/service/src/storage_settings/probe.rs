//! What the use cases ask of whoever can connect: may this endpoint be reached, and does the storage work?
//! This crate itself connects to nothing.

use turnkeep_domain::storage_config::{StorageCheckOutcome, StorageSettings};
use turnkeep_domain::storage_endpoint::StorageEndpoint;
use turnkeep_domain::time::Timestamp;

use crate::storage_settings::secret_key::StorageSecretKey;

/// The check could not be made, for a reason of this server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the storage could not be checked")]
pub struct ProbeUnavailable;

/// Connects to storage. Implementations answer for requirements C 59 to 62: which addresses may be asked, for how
/// long, and that nobody learns what else there is in the network.
pub trait StorageProbe: Send + Sync {
    /// Whether an endpoint may be saved, by its text alone: no name is resolved.
    fn may_reach(&self, endpoint: &StorageEndpoint) -> bool;

    /// Makes one signed request, within a bounded time. Blocks.
    fn check(
        &self,
        settings: &StorageSettings,
        secret_key: &StorageSecretKey,
        now: Timestamp,
    ) -> Result<StorageCheckOutcome, ProbeUnavailable>;
}

/// For an authority that connects to nothing: every check ends as if no storage answered.
#[derive(Debug, Clone, Copy)]
pub struct NoStorageProbe;

impl StorageProbe for NoStorageProbe {
    /// Encrypted endpoints with a name: what an address leads to is for a guard to judge, and there is none.
    fn may_reach(&self, endpoint: &StorageEndpoint) -> bool {
        endpoint.is_encrypted() && endpoint.address().is_none()
    }

    fn check(
        &self,
        _: &StorageSettings,
        _: &StorageSecretKey,
        _: Timestamp,
    ) -> Result<StorageCheckOutcome, ProbeUnavailable> {
        Ok(StorageCheckOutcome::Unreachable)
    }
}

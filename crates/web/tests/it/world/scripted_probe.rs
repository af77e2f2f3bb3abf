//! A storage as a test wants it. It connects to nothing.

use std::sync::Mutex;

use turnkeep_domain::storage_config::{StorageCheckOutcome, StorageSettings};
use turnkeep_domain::storage_endpoint::StorageEndpoint;
use turnkeep_domain::time::Timestamp;
use turnkeep_service::storage_settings::probe::{ProbeUnavailable, StorageProbe};
use turnkeep_service::storage_settings::secret_key::StorageSecretKey;

/// Accepts names, and addresses that do not start with `10.`; answers what it was told.
pub(crate) struct ScriptedProbe {
    pub(crate) answer: Mutex<Result<StorageCheckOutcome, ProbeUnavailable>>,
}

impl Default for ScriptedProbe {
    fn default() -> Self {
        Self { answer: Mutex::new(Ok(StorageCheckOutcome::Works)) }
    }
}

impl StorageProbe for ScriptedProbe {
    fn may_reach(&self, endpoint: &StorageEndpoint) -> bool {
        !endpoint.host().starts_with("10.")
    }

    fn check(
        &self,
        _: &StorageSettings,
        _: &StorageSecretKey,
        _: Timestamp,
    ) -> Result<StorageCheckOutcome, ProbeUnavailable> {
        *self.answer.lock().unwrap()
    }
}

//! Connects to the storage of apps, through the guard of `turnkeep-outbound`.

use turnkeep_domain::storage_config::{StorageCheckOutcome, StorageSettings};
use turnkeep_domain::storage_endpoint::StorageEndpoint;
use turnkeep_domain::storage_provider::BucketAddressing;
use turnkeep_domain::time::Timestamp;
use turnkeep_outbound::allow_list::AllowList;
use turnkeep_outbound::s3_probe::{Addressing, ProbeFailure, S3Access, S3Probe};
use turnkeep_outbound::target::OutboundTarget;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::storage_settings::probe::{ProbeUnavailable, StorageProbe};
use turnkeep_service::storage_settings::secret_key::StorageSecretKey;

/// The probe of a running server.
pub(crate) struct GuardedStorageProbe(S3Probe);

impl GuardedStorageProbe {
    /// Reaches the public internet, and what the operator has listed.
    pub(crate) fn new(allow_list: AllowList) -> Self {
        Self(S3Probe::new(allow_list, S3Probe::TIME_LIMIT))
    }

    fn target(&self, endpoint: &StorageEndpoint) -> Option<OutboundTarget> {
        OutboundTarget::parse(endpoint.as_str(), self.0.allow_list()).ok()
    }
}

impl StorageProbe for GuardedStorageProbe {
    fn may_reach(&self, endpoint: &StorageEndpoint) -> bool {
        self.target(endpoint).is_some()
    }

    fn check(
        &self,
        settings: &StorageSettings,
        secret_key: &StorageSecretKey,
        now: Timestamp,
    ) -> Result<StorageCheckOutcome, ProbeUnavailable> {
        // Saved under another allow-list: as if nothing answered there, in no time, which tells only who knows.
        let Some(endpoint) = self.target(settings.endpoint()) else {
            return Ok(StorageCheckOutcome::Unreachable);
        };
        let access = S3Access {
            endpoint,
            region: settings.region().as_str().to_owned(),
            bucket: settings.bucket().as_str().to_owned(),
            addressing: match settings.addressing() {
                BucketAddressing::Path => Addressing::Path,
                BucketAddressing::VirtualHost => Addressing::VirtualHost,
            },
            access_key: settings.access_key().as_str().to_owned(),
            secret_key: PlaintextSecret::new(secret_key.expose().to_owned()),
        };
        match self.0.check(&access, now) {
            Ok(()) => Ok(StorageCheckOutcome::Works),
            Err(failure) => outcome_of(failure),
        }
    }
}

fn outcome_of(failure: ProbeFailure) -> Result<StorageCheckOutcome, ProbeUnavailable> {
    match failure {
        ProbeFailure::WrongCredentials | ProbeFailure::AccessDenied => {
            Ok(StorageCheckOutcome::CredentialsRefused)
        }
        ProbeFailure::NoSuchBucket => Ok(StorageCheckOutcome::BucketNotFound),
        ProbeFailure::WrongRegion | ProbeFailure::RefusedOtherwise => {
            Ok(StorageCheckOutcome::UnexpectedAnswer)
        }
        ProbeFailure::Unreachable => Ok(StorageCheckOutcome::Unreachable),
        ProbeFailure::Unavailable => Err(ProbeUnavailable),
    }
}

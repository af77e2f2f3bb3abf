//! Storage settings of apps (seed 001). The secret key goes in and never comes out.

use serde::{Deserialize, Serialize};
use turnkeep_domain::storage_config::{LastStorageCheck, StorageCheckOutcome, StorageConfig};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;

#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::presented_secret::PresentedSecret;
use crate::rfc3339::format_utc;

/// `PUT /apps/{id}/storage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PutStorageRequest {
    /// Who runs the storage.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::StorageProviderText"))]
    pub provider: String,
    /// The bucket.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::BucketNameText"))]
    pub bucket: String,
    /// The access key.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::StorageAccessKeyText"))]
    pub access_key: String,
    /// The secret key; the stored one stays if absent, which it may as long as provider, endpoint and access key
    /// are the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::StorageSecretKeyText>"))]
    pub secret_key: Option<PresentedSecret>,
    /// Where the storage is reached, if the provider does not imply it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::StorageEndpointText>"))]
    pub endpoint: Option<String>,
    /// The provider's region, if it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::StorageRegionText>"))]
    pub region: Option<String>,
}

/// [`StorageCheckOutcome`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StorageCheckOutcomeName {
    /// The bucket is there and the credentials open it.
    Works,
    /// The provider refused the access key or the signature.
    CredentialsRefused,
    /// The provider knows no such bucket.
    BucketNotFound,
    /// No S3 storage answered at the endpoint. Why not is not said.
    Unreachable,
    /// The storage answered something else than expected.
    UnexpectedAnswer,
}

impl From<StorageCheckOutcome> for StorageCheckOutcomeName {
    fn from(outcome: StorageCheckOutcome) -> Self {
        match outcome {
            StorageCheckOutcome::Works => Self::Works,
            StorageCheckOutcome::CredentialsRefused => Self::CredentialsRefused,
            StorageCheckOutcome::BucketNotFound => Self::BucketNotFound,
            StorageCheckOutcome::Unreachable => Self::Unreachable,
            StorageCheckOutcome::UnexpectedAnswer => Self::UnexpectedAnswer,
        }
    }
}

/// The last check of the settings as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct LastStorageCheckResponse {
    /// How it ended.
    pub outcome: StorageCheckOutcomeName,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub checked_at: String,
}

impl From<LastStorageCheck> for LastStorageCheckResponse {
    fn from(check: LastStorageCheck) -> Self {
        Self { outcome: check.outcome.into(), checked_at: format_utc(check.at) }
    }
}

/// `POST /apps/{id}/storage/check`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct StorageCheckResponse {
    /// How it ended.
    pub outcome: StorageCheckOutcomeName,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub checked_at: String,
    /// The version of the settings that were tried.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub settings_version: i64,
}

impl StorageCheckResponse {
    /// Shows how a check of this version ended.
    pub fn new(outcome: StorageCheckOutcome, at: Timestamp, version: RecordVersion) -> Self {
        Self { outcome: outcome.into(), checked_at: format_utc(at), settings_version: version.as_number() }
    }
}

/// The storage settings of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct StorageResponse {
    /// Who runs the storage.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::StorageProviderText"))]
    pub provider: String,
    /// The bucket.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::BucketNameText"))]
    pub bucket: String,
    /// The access key.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::StorageAccessKeyText"))]
    pub access_key: String,
    /// Always `true`: there are no settings without a secret key, and it is never shown.
    pub secret_key_set: bool,
    /// Where the storage is reached, given or implied by the provider.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::StorageEndpointText"))]
    pub endpoint: String,
    /// What requests are signed for, given or implied by the provider.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::StorageRegionText"))]
    pub region: String,
    /// The last check; `null` if these settings were not checked yet.
    pub last_check: Option<LastStorageCheckResponse>,
    /// When settings were first saved.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// When they were last changed.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub updated_at: String,
    /// How often they were changed; also their `ETag`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub version: i64,
}

impl From<&StorageConfig> for StorageResponse {
    fn from(config: &StorageConfig) -> Self {
        let settings = &config.settings;
        Self {
            provider: settings.provider().to_string(),
            bucket: settings.bucket().to_string(),
            access_key: settings.access_key().to_string(),
            secret_key_set: true,
            endpoint: settings.endpoint().to_string(),
            region: settings.region().to_string(),
            last_check: config.last_check.map(Into::into),
            created_at: format_utc(config.created_at),
            updated_at: format_utc(config.updated_at),
            version: config.version.as_number(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_the_name_it_is_stored_under() {
        for outcome in StorageCheckOutcome::ALL {
            let name = serde_json::to_value(StorageCheckOutcomeName::from(outcome)).unwrap();
            assert_eq!(name, outcome.as_str());
        }
    }

    #[test]
    fn a_request_does_not_print_its_secret_key() {
        let request: PutStorageRequest = serde_json::from_value(serde_json::json!({
            "provider": "aws_s3", "bucket": "b", "access_key": "a", "secret_key": "hunter2"
        }))
        .unwrap();
        assert!(!format!("{request:?}").contains("hunter2"));
    }
}

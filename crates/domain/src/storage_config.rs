//! S3-compatible storage settings of an app (seed 001). Without any, the platform's managed storage is used.
//!
//! The secret key is no part of the record: it is kept apart, encrypted, and never read back to a caller.

use crate::id::{AppId, StorageConfigId};
use crate::storage_bucket::{BucketName, StorageAccessKey};
use crate::storage_endpoint::{StorageEndpoint, StorageRegion};
use crate::storage_place::{PlainHttp, place};
use crate::storage_provider::{BucketAddressing, StorageProvider};
use crate::time::Timestamp;
use crate::version::RecordVersion;

/// What somebody entered, as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageFields<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The access key.
    pub access_key: &'a str,
    /// The endpoint, where the provider does not imply it.
    pub endpoint: Option<&'a str>,
    /// The region, where the provider needs one.
    pub region: Option<&'a str>,
    /// Whether MinIO may be reached without encryption.
    pub plain_http: PlainHttp,
}

/// One way in which fields do not make storage settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StorageViolation {
    /// Not a bucket name.
    #[error(transparent)]
    Bucket(#[from] crate::storage_bucket::BucketNameError),
    /// Not an access key.
    #[error(transparent)]
    AccessKey(#[from] crate::storage_bucket::StorageAccessKeyError),
    /// The provider's endpoint cannot be derived.
    #[error("the provider needs an endpoint")]
    EndpointMissing,
    /// Not an origin.
    #[error("an endpoint is `https://`, a host and perhaps a port, and nothing else")]
    EndpointMalformed,
    /// Plain `http`.
    #[error("the endpoint must be https")]
    EndpointNotEncrypted,
    /// Another host than the provider's.
    #[error("the endpoint is none of the provider's")]
    EndpointNotOfProvider,
    /// The provider's region cannot be derived.
    #[error("the provider needs a region")]
    RegionMissing,
    /// Not a region of this provider, by its form.
    #[error("the region has not the form of the provider's regions")]
    RegionMalformed,
    /// The provider places data itself.
    #[error("the provider's only region is `auto`")]
    RegionNotAuto,
    /// The endpoint names another region.
    #[error("the endpoint belongs to another region")]
    RegionContradictsEndpoint,
}

impl StorageViolation {
    /// The field it is about, as the management API names it.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Bucket(_) => "bucket",
            Self::AccessKey(_) => "access_key",
            Self::EndpointMissing
            | Self::EndpointMalformed
            | Self::EndpointNotEncrypted
            | Self::EndpointNotOfProvider => "endpoint",
            Self::RegionMissing
            | Self::RegionMalformed
            | Self::RegionNotAuto
            | Self::RegionContradictsEndpoint => "region",
        }
    }
}

/// Where an app's data is stored and under which access key; everything but the secret key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageSettings {
    provider: StorageProvider,
    bucket: BucketName,
    access_key: StorageAccessKey,
    endpoint: StorageEndpoint,
    region: StorageRegion,
}

impl StorageSettings {
    /// Parses every field by the provider's rules, or says all that is wrong. What it derives (endpoint, region)
    /// is accepted again, so a stored row is read through here too, with [`PlainHttp::Allowed`].
    pub fn new(provider: StorageProvider, fields: &StorageFields<'_>) -> Result<Self, Vec<StorageViolation>> {
        let bucket = BucketName::parse(fields.bucket).map_err(StorageViolation::Bucket);
        let access_key = StorageAccessKey::parse(fields.access_key).map_err(StorageViolation::AccessKey);
        match (bucket, access_key, place(provider, fields.endpoint, fields.region, fields.plain_http)) {
            (Ok(bucket), Ok(access_key), Ok((endpoint, region))) => {
                Ok(Self { provider, bucket, access_key, endpoint, region })
            }
            (bucket, access_key, place) => {
                let first = bucket.err().into_iter().chain(access_key.err());
                Err(first.chain(place.err().unwrap_or_default()).collect())
            }
        }
    }

    /// Who runs the storage.
    pub const fn provider(&self) -> StorageProvider {
        self.provider
    }

    /// The bucket.
    pub const fn bucket(&self) -> &BucketName {
        &self.bucket
    }

    /// The access key (not secret; the secret key is).
    pub const fn access_key(&self) -> &StorageAccessKey {
        &self.access_key
    }

    /// Where requests go; derived where it was not given.
    pub const fn endpoint(&self) -> &StorageEndpoint {
        &self.endpoint
    }

    /// What requests are signed for; derived where it was not given.
    pub const fn region(&self) -> &StorageRegion {
        &self.region
    }

    /// Where requests name the bucket. One with dots never goes into the host: no certificate would match.
    pub fn addressing(&self) -> BucketAddressing {
        if self.bucket.has_dots() { BucketAddressing::Path } else { self.provider.addressing() }
    }

    /// Whether the secret key would be used towards somebody else than before (requirements C 63).
    pub fn sends_elsewhere_than(&self, before: &Self) -> bool {
        self.provider != before.provider || self.endpoint != before.endpoint
    }
}

/// How a check of the connection ended. It never tells why an address was not reached (requirements C 62).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageCheckOutcome {
    /// The bucket is there and the credentials open it.
    Works,
    /// The provider refused the access key or the signature.
    CredentialsRefused,
    /// The provider knows no such bucket.
    BucketNotFound,
    /// No answer from there, or none that may be asked for.
    Unreachable,
    /// An answer, but not that of an S3-compatible storage.
    UnexpectedAnswer,
}

impl StorageCheckOutcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [
        Self::Works,
        Self::CredentialsRefused,
        Self::BucketNotFound,
        Self::Unreachable,
        Self::UnexpectedAnswer,
    ];

    /// The text form, as stored and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::CredentialsRefused => "credentials_refused",
            Self::BucketNotFound => "bucket_not_found",
            Self::Unreachable => "unreachable",
            Self::UnexpectedAnswer => "unexpected_answer",
        }
    }

    /// From its text form; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// The last time the connection was checked with the present settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastStorageCheck {
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub outcome: StorageCheckOutcome,
}

/// The storage settings of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageConfig {
    /// Identifier.
    pub id: StorageConfigId,
    /// The app.
    pub app_id: AppId,
    /// What was entered, or derived from it.
    pub settings: StorageSettings,
    /// The last check of these settings; none after a change.
    pub last_check: Option<LastStorageCheck>,
    /// When it was first saved.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Optimistic lock.
    pub version: RecordVersion,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage_bucket::{BucketNameError, StorageAccessKeyError};

    const FIELDS: StorageFields<'_> = StorageFields {
        bucket: "invoices",
        access_key: "AKIAEXAMPLE",
        endpoint: Some("https://minio.example"),
        region: None,
        plain_http: PlainHttp::Refused,
    };

    fn minio(fields: StorageFields<'_>) -> StorageSettings {
        StorageSettings::new(StorageProvider::MinIo, &fields).unwrap()
    }

    #[test]
    fn every_violation_is_said_at_once_with_its_field() {
        let fields = StorageFields {
            bucket: "My Bucket",
            access_key: "",
            endpoint: None,
            region: Some("not a region"),
            plain_http: PlainHttp::Refused,
        };
        let violations = StorageSettings::new(StorageProvider::MinIo, &fields).unwrap_err();
        assert_eq!(
            violations,
            [
                StorageViolation::Bucket(BucketNameError),
                StorageViolation::AccessKey(StorageAccessKeyError),
                StorageViolation::EndpointMissing,
                StorageViolation::RegionMalformed,
            ]
        );
        let fields: Vec<_> = violations.into_iter().map(StorageViolation::field).collect();
        assert_eq!(fields, ["bucket", "access_key", "endpoint", "region"]);
    }

    #[test]
    fn attack_63_a_changed_host_is_somewhere_else_and_a_changed_bucket_is_not() {
        let before = minio(FIELDS);
        for (change, elsewhere) in [
            (FIELDS, false),
            (StorageFields { bucket: "other", ..FIELDS }, false),
            (StorageFields { region: Some("dc1"), ..FIELDS }, false),
            (StorageFields { endpoint: Some("https://MINIO.example:443/"), ..FIELDS }, false),
            (StorageFields { endpoint: Some("https://minio.example:9000"), ..FIELDS }, true),
            (StorageFields { endpoint: Some("https://evil.example"), ..FIELDS }, true),
        ] {
            assert_eq!(minio(change).sends_elsewhere_than(&before), elsewhere, "{change:?}");
        }
        let amazon = |region| {
            let fields = StorageFields { endpoint: None, region: Some(region), ..FIELDS };
            StorageSettings::new(StorageProvider::AwsS3, &fields).unwrap()
        };
        assert!(amazon("eu-west-1").sends_elsewhere_than(&before));
        assert!(amazon("eu-west-1").sends_elsewhere_than(&amazon("cn-north-1")));
        assert!(!amazon("eu-west-1").sends_elsewhere_than(&amazon("eu-west-1")));
    }

    #[test]
    fn a_bucket_with_dots_is_never_part_of_the_host() {
        let amazon = |bucket| {
            let fields = StorageFields { bucket, endpoint: None, region: Some("eu-west-1"), ..FIELDS };
            StorageSettings::new(StorageProvider::AwsS3, &fields).unwrap().addressing()
        };
        assert_eq!(amazon("invoices"), BucketAddressing::VirtualHost);
        assert_eq!(amazon("invoices.acme"), BucketAddressing::Path);
        assert_eq!(minio(FIELDS).addressing(), BucketAddressing::Path);
    }

    #[test]
    fn text_forms_of_outcomes_round_trip() {
        for outcome in StorageCheckOutcome::ALL {
            assert_eq!(StorageCheckOutcome::parse(outcome.as_str()), Some(outcome));
        }
        assert_eq!(StorageCheckOutcome::parse("open port"), None);
    }
}

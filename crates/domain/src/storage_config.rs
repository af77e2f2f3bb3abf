//! S3-compatible storage settings of an app (seed 001). Without any, the platform's managed storage is used.

use crate::id::{AppId, StorageConfigId};
use crate::time::Timestamp;
use crate::version::RecordVersion;

/// The supported providers (seed 001).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageProvider {
    /// Amazon S3.
    AwsS3,
    /// Tigris.
    Tigris,
    /// Cloudflare R2.
    CloudflareR2,
    /// MinIO.
    MinIo,
    /// Backblaze B2.
    BackblazeB2,
}

/// The storage settings of an app. The secret key is kept apart, encrypted, and never read back to a caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageConfig {
    /// Identifier.
    pub id: StorageConfigId,
    /// The app.
    pub app_id: AppId,
    /// Who runs the storage.
    pub provider: StorageProvider,
    /// The bucket.
    pub bucket: String,
    /// The access key (not secret; the secret key is).
    pub access_key: String,
    /// The endpoint, where the provider needs one. Changing it demands the secret key again.
    pub endpoint: Option<String>,
    /// The provider's region, where it needs one.
    pub region: Option<String>,
    /// When it was first saved.
    pub created_at: Timestamp,
    /// Optimistic lock.
    pub version: RecordVersion,
}

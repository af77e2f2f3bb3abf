//! Who runs the storage of an app, and how its buckets are addressed (seed 001 names the five).

use std::fmt;

/// The text names no provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a provider is `aws_s3`, `tigris`, `cloudflare_r2`, `minio` or `backblaze_b2`")]
pub struct StorageProviderError;

/// The supported providers (seed 001).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StorageProvider {
    /// Amazon S3.
    AwsS3,
    /// Tigris.
    Tigris,
    /// Cloudflare R2.
    CloudflareR2,
    /// MinIO, or anything else that speaks S3 and that somebody runs.
    MinIo,
    /// Backblaze B2.
    BackblazeB2,
}

/// Where a request names the bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BucketAddressing {
    /// As the first segment of the path.
    Path,
    /// As the first label of the host.
    VirtualHost,
}

impl StorageProvider {
    /// Every provider.
    pub const ALL: [Self; 5] =
        [Self::AwsS3, Self::Tigris, Self::CloudflareR2, Self::MinIo, Self::BackblazeB2];

    /// The text form, as stored and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwsS3 => "aws_s3",
            Self::Tigris => "tigris",
            Self::CloudflareR2 => "cloudflare_r2",
            Self::MinIo => "minio",
            Self::BackblazeB2 => "backblaze_b2",
        }
    }

    /// Accepts exactly the text forms.
    pub fn parse(text: &str) -> Result<Self, StorageProviderError> {
        Self::ALL.into_iter().find(|provider| provider.as_str() == text).ok_or(StorageProviderError)
    }

    /// What the provider asks for: Amazon and Tigris serve new buckets under a host of their own.
    pub const fn addressing(self) -> BucketAddressing {
        match self {
            Self::AwsS3 | Self::Tigris => BucketAddressing::VirtualHost,
            Self::CloudflareR2 | Self::MinIo | Self::BackblazeB2 => BucketAddressing::Path,
        }
    }
}

impl fmt::Display for StorageProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_round_trip_and_nothing_else_is_a_provider() {
        for provider in StorageProvider::ALL {
            assert_eq!(StorageProvider::parse(provider.as_str()), Ok(provider));
        }
        for text in ["", "aws", "AWS_S3", "gcs"] {
            assert_eq!(StorageProvider::parse(text), Err(StorageProviderError), "{text:?}");
        }
    }
}

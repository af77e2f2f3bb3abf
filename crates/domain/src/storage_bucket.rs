//! Names of buckets and access keys, as far as S3-compatible providers agree on them.

use std::fmt;
use std::net::Ipv4Addr;

/// The text is not a bucket name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a bucket name has 3 to 63 lower-case letters, digits, dots and hyphens, starts and ends with a letter or \
     digit, has no two dots in a row and is not an address"
)]
pub struct BucketNameError;

/// The name of a bucket, by the rules of Amazon S3 that the other providers follow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BucketName(String);

impl BucketName {
    /// Accepts exactly what S3 accepts; nothing is rewritten.
    pub fn parse(text: &str) -> Result<Self, BucketNameError> {
        let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let well_formed = (3..=63).contains(&text.len())
            && text.chars().all(|c| alphanumeric(c) || matches!(c, '.' | '-'))
            && text.starts_with(alphanumeric)
            && text.ends_with(alphanumeric)
            && !text.contains("..")
            && !looks_like_an_address(text);
        if well_formed { Ok(Self(text.to_owned())) } else { Err(BucketNameError) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the name is more than one label, so that no wildcard certificate covers it as part of a host.
    pub fn has_dots(&self) -> bool {
        self.0.contains('.')
    }
}

/// Four decimal numbers, whether an address in the strict sense or not (`192.168.05.4`).
fn looks_like_an_address(text: &str) -> bool {
    let numbers = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.parse::<Ipv4Addr>().is_ok() || (text.split('.').count() == 4 && text.split('.').all(numbers))
}

impl fmt::Display for BucketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not an access key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an access key has 1 to {} visible ASCII characters", StorageAccessKey::MAX_LENGTH)]
pub struct StorageAccessKeyError;

/// The name under which a provider knows a secret key. It is not secret itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StorageAccessKey(String);

impl StorageAccessKey {
    /// The longest access key, in characters.
    pub const MAX_LENGTH: usize = 128;

    /// Accepts 1 to 128 visible ASCII characters.
    pub fn parse(text: &str) -> Result<Self, StorageAccessKeyError> {
        let visible = text.bytes().all(|b| b.is_ascii_graphic());
        if text.is_empty() || Self::MAX_LENGTH < text.len() || !visible {
            return Err(StorageAccessKeyError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StorageAccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_names_follow_the_rules_of_s3() {
        for good in ["abc", "my-bucket", "a.b.c", "1.2.3", "1.2.3.a", &"a".repeat(63)] {
            assert_eq!(BucketName::parse(good).map(|name| name.to_string()), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "ab",
            &"a".repeat(64),
            "Bucket",
            "my_bucket",
            "-abc",
            "abc-",
            ".abc",
            "abc.",
            "a..b",
            "192.168.5.4",
            "192.168.05.4",
            "999.1.1.1",
            "a/b",
            "a?b",
            "büc",
            "a b",
            "abc\n",
        ] {
            assert_eq!(BucketName::parse(bad), Err(BucketNameError), "{bad:?}");
        }
    }

    #[test]
    fn access_keys_are_short_and_visible() {
        assert!(StorageAccessKey::parse("AKIAIOSFODNN7EXAMPLE").is_ok());
        assert!(StorageAccessKey::parse(&"k".repeat(128)).is_ok());
        for bad in ["", "a b", "a\n", "é", "a\0", &"k".repeat(129)] {
            assert_eq!(StorageAccessKey::parse(bad), Err(StorageAccessKeyError), "{bad:?}");
        }
    }
}

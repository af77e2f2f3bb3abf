//! The check of S3 storage settings: one real signed request, and an answer from which nobody learns what else there
//! is in our network (requirement C 62).

mod failure;
mod verdict;

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rusty_s3::{Bucket, Method, UrlStyle, signing};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::plaintext::PlaintextSecret;
use url::Url;

use crate::allow_list::AllowList;
use crate::client::{FetchError, GuardedClient, Limits};
use crate::resolver::{Resolver, SystemResolver};
use crate::target::OutboundTarget;
pub use failure::ProbeFailure;
use verdict::NotS3;

/// Where the name of the bucket goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressing {
    /// `https://endpoint/bucket/`, as MinIO does it.
    Path,
    /// `https://bucket.endpoint/`, as Amazon wants it. That host is judged by its own name: an operator who lists
    /// `endpoint` has not listed `bucket.endpoint`.
    VirtualHost,
}

/// What a check needs to know.
#[derive(Debug, Clone)]
pub struct S3Access {
    /// The provider's endpoint, without the bucket.
    pub endpoint: OutboundTarget,
    /// The region that signatures are made for.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// Where the bucket's name goes.
    pub addressing: Addressing,
    /// The access key, which is not secret.
    pub access_key: String,
    /// The secret key.
    pub secret_key: PlaintextSecret,
}

/// Checks whether storage settings work.
pub struct S3Probe {
    client: GuardedClient,
    time_limit: Duration,
}

impl S3Probe {
    /// How long a check may take, and how long one takes that reaches no storage.
    pub const TIME_LIMIT: Duration = Duration::from_secs(5);

    /// The largest answer that is read, in bytes. One with a single key is about 1 KiB.
    pub const MAX_ANSWER_BYTES: usize = 64 * 1024;

    /// How long a signature is good for, in seconds.
    const SIGNATURE_LIFETIME: u64 = 60;

    /// A probe that resolves names as this machine does.
    pub fn new(allow_list: AllowList, time_limit: Duration) -> Self {
        Self::with_resolver(allow_list, Arc::new(SystemResolver), time_limit)
    }

    /// A probe with a resolver of one's own.
    pub fn with_resolver(allow_list: AllowList, resolver: Arc<dyn Resolver>, time_limit: Duration) -> Self {
        // The rest of the time is for tidying up, so that a request that runs into its limit is no different from
        // one that fails at once.
        let total = time_limit.saturating_mul(9) / 10;
        let limits = Limits { connect: total, total, body_bytes: Self::MAX_ANSWER_BYTES };
        Self { client: GuardedClient::new(allow_list, resolver, limits), time_limit }
    }

    /// What endpoints may lead to, also when they are saved.
    pub fn allow_list(&self) -> &AllowList {
        self.client.allow_list()
    }

    /// Lists at most one key of the bucket, signed for `now` (AWS Signature Version 4). Blocks for as long as the
    /// time limit if no storage answers; never call it from asynchronous code.
    pub fn check(&self, access: &S3Access, now: Timestamp) -> Result<(), ProbeFailure> {
        let begin = Instant::now();
        let outcome = self.ask(access, now);
        if let Err(ProbeFailure::Unreachable | ProbeFailure::Unavailable) = outcome {
            thread::sleep(self.time_limit.saturating_sub(begin.elapsed()));
        }
        outcome
    }

    fn ask(&self, access: &S3Access, now: Timestamp) -> Result<(), ProbeFailure> {
        if !is_bucket_name(&access.bucket) {
            return Err(ProbeFailure::NoSuchBucket);
        }
        let url = signed_url(access, now)?;
        let answer = self.client.get(&url).map_err(|error| {
            tracing::debug!(host = ?url.host_str(), cause = %error, "storage was not reached");
            unreached(error)
        })?;
        verdict::of(&answer).unwrap_or_else(|NotS3| {
            tracing::debug!(host = ?url.host_str(), status = answer.status, "what answered is no S3 storage");
            Err(ProbeFailure::Unreachable)
        })
    }
}

/// All that happens on the way is one failure, for whoever chose the endpoint shall not scan our network.
fn unreached(error: FetchError) -> ProbeFailure {
    match error {
        FetchError::Target(_)
        | FetchError::UnknownHost
        | FetchError::RefusedAddress
        | FetchError::TimedOut
        | FetchError::TooLarge
        | FetchError::Connection => ProbeFailure::Unreachable,
        FetchError::Busy | FetchError::Setup => ProbeFailure::Unavailable,
    }
}

fn signed_url(access: &S3Access, now: Timestamp) -> Result<Url, ProbeFailure> {
    let style = match access.addressing {
        Addressing::Path => UrlStyle::Path,
        Addressing::VirtualHost => UrlStyle::VirtualHost,
    };
    let bucket =
        Bucket::new(access.endpoint.url().clone(), style, access.bucket.clone(), access.region.clone())
            .map_err(|_| ProbeFailure::Unreachable)?;
    let now = jiff::Timestamp::from_second(now.as_secs()).map_err(|_| ProbeFailure::Unavailable)?;
    // In order, as the signature wants them. A GET, because the answer to a HEAD could not say what is wrong.
    let query = [("list-type", "2"), ("max-keys", "1")];
    Ok(signing::sign(
        &now,
        Method::Get,
        bucket.base_url().clone(),
        &access.access_key,
        access.secret_key.expose(),
        None,
        bucket.region(),
        S3Probe::SIGNATURE_LIFETIME,
        query.into_iter(),
        std::iter::empty(),
    ))
}

/// Whether any provider has a bucket of this name. Nothing else gets near a URL.
fn is_bucket_name(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    (3..=255).contains(&text.len()) && text.bytes().all(allowed) && !text.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(bucket: &str, addressing: Addressing) -> S3Access {
        S3Access {
            endpoint: OutboundTarget::parse("https://s3.example.com/base", &AllowList::empty()).unwrap(),
            region: "eu-central-1".to_owned(),
            bucket: bucket.to_owned(),
            addressing,
            access_key: "access".to_owned(),
            secret_key: PlaintextSecret::new("very secret".to_owned()),
        }
    }

    #[test]
    fn the_bucket_goes_into_the_path_or_in_front_of_the_host() {
        let now = Timestamp::from_secs(1_800_000_000);
        let cases = [
            (Addressing::Path, "https://s3.example.com/base/photos/?"),
            (Addressing::VirtualHost, "https://photos.s3.example.com/base/?"),
        ];
        for (addressing, begin) in cases {
            let url = signed_url(&access("photos", addressing), now).unwrap();
            assert!(url.as_str().starts_with(begin), "{url}");
            assert!(url.as_str().contains("X-Amz-Date=20270115T080000Z"), "{url}");
            assert!(!url.as_str().contains("secret"), "{url}");
        }
    }

    #[test]
    fn a_bucket_that_no_provider_can_have_is_not_asked_for() {
        let probe = S3Probe::new(AllowList::empty(), Duration::from_secs(60));
        let too_long = "a".repeat(256);
        for bucket in
            ["", "..", "a..b", "a/b", "photos@evil.example", "photos#", "photos?x", "fotö", &too_long]
        {
            let outcome = probe.check(&access(bucket, Addressing::Path), Timestamp::from_secs(0));
            assert_eq!(outcome, Err(ProbeFailure::NoSuchBucket), "{bucket}");
        }
    }

    #[test]
    fn settings_print_without_their_secret() {
        assert!(!format!("{:?}", access("photos", Addressing::Path)).contains("very secret"));
    }
}

//! The rules of each provider about its endpoint and region (seed 001): which are needed, which are derived,
//! and which may be given at all. No other host ever gets an app's storage credentials.

use crate::storage_config::StorageViolation;
use crate::storage_endpoint::{StorageEndpoint, StorageRegion};
use crate::storage_provider::StorageProvider;

/// The region of providers that place data themselves.
const AUTO: &str = "auto";
/// What MinIO signs for unless it was set up otherwise.
const MINIO_REGION: &str = "us-east-1";
/// Tigris' endpoint, and the one it has inside of Fly.io.
const TIGRIS: [&str; 2] = ["https://t3.storage.dev", "https://fly.storage.tigris.dev"];
/// What may stand between an R2 account and the domain.
const R2_JURISDICTIONS: [&str; 3] = ["eu", "us", "fedramp"];

/// Whether an endpoint may be plain `http`. Only who knows the operator's allow-list can say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlainHttp {
    /// Only `https`.
    Refused,
    /// `http` too, for MinIO.
    Allowed,
}

/// The endpoint with the region that requests to it are signed for, or every violation.
pub(crate) fn place(
    provider: StorageProvider,
    endpoint: Option<&str>,
    region: Option<&str>,
    plain_http: PlainHttp,
) -> Result<(StorageEndpoint, StorageRegion), Vec<StorageViolation>> {
    let given_region = given_region(provider, region);
    let region_known = region.is_some();
    match (given_endpoint(provider, endpoint, region_known, plain_http), given_region) {
        (Ok(endpoint), Ok(region)) => {
            together(provider, endpoint, region).map_err(|violation| vec![violation])
        }
        (endpoint, region) => Err(endpoint.err().into_iter().chain(region.err()).collect()),
    }
}

fn given_endpoint(
    provider: StorageProvider,
    endpoint: Option<&str>,
    region_known: bool,
    plain_http: PlainHttp,
) -> Result<Option<StorageEndpoint>, StorageViolation> {
    let Some(text) = endpoint else {
        let derived = match provider {
            StorageProvider::AwsS3 | StorageProvider::Tigris => true,
            StorageProvider::BackblazeB2 => region_known,
            StorageProvider::CloudflareR2 | StorageProvider::MinIo => false,
        };
        return if derived { Ok(None) } else { Err(StorageViolation::EndpointMissing) };
    };
    let endpoint = StorageEndpoint::parse(text).map_err(|_| StorageViolation::EndpointMalformed)?;
    let http_is_fine = provider == StorageProvider::MinIo && plain_http == PlainHttp::Allowed;
    if !endpoint.is_encrypted() && !http_is_fine {
        return Err(StorageViolation::EndpointNotEncrypted);
    }
    let of_provider = match provider {
        StorageProvider::AwsS3 => aws_region(&endpoint).is_some(),
        StorageProvider::Tigris => TIGRIS.contains(&endpoint.as_str()),
        StorageProvider::CloudflareR2 => is_r2(&endpoint),
        StorageProvider::MinIo => true,
        StorageProvider::BackblazeB2 => b2_region(&endpoint).is_some(),
    };
    if of_provider { Ok(Some(endpoint)) } else { Err(StorageViolation::EndpointNotOfProvider) }
}

fn given_region(
    provider: StorageProvider,
    region: Option<&str>,
) -> Result<Option<StorageRegion>, StorageViolation> {
    let Some(text) = region else {
        return match provider {
            StorageProvider::AwsS3 => Err(StorageViolation::RegionMissing),
            StorageProvider::Tigris
            | StorageProvider::CloudflareR2
            | StorageProvider::MinIo
            | StorageProvider::BackblazeB2 => Ok(None),
        };
    };
    let region = StorageRegion::parse(text).map_err(|_| StorageViolation::RegionMalformed)?;
    match provider {
        StorageProvider::AwsS3 | StorageProvider::BackblazeB2 if !is_numbered(text) => {
            Err(StorageViolation::RegionMalformed)
        }
        StorageProvider::Tigris | StorageProvider::CloudflareR2 if text != AUTO => {
            Err(StorageViolation::RegionNotAuto)
        }
        StorageProvider::AwsS3
        | StorageProvider::Tigris
        | StorageProvider::CloudflareR2
        | StorageProvider::MinIo
        | StorageProvider::BackblazeB2 => Ok(Some(region)),
    }
}

/// Derives what was not given from what was, and compares where both were.
fn together(
    provider: StorageProvider,
    endpoint: Option<StorageEndpoint>,
    region: Option<StorageRegion>,
) -> Result<(StorageEndpoint, StorageRegion), StorageViolation> {
    let (said, derived_endpoint): (Option<String>, Option<String>) = match provider {
        StorageProvider::AwsS3 => (
            endpoint.as_ref().and_then(aws_region).map(str::to_owned),
            region.as_ref().map(|region| aws_endpoint("s3", region.as_str())),
        ),
        StorageProvider::BackblazeB2 => (
            endpoint.as_ref().and_then(b2_region).map(str::to_owned),
            region.as_ref().map(|region| b2_endpoint(region.as_str())),
        ),
        StorageProvider::Tigris => (Some(AUTO.to_owned()), TIGRIS.first().map(|text| (*text).to_owned())),
        StorageProvider::CloudflareR2 => (Some(AUTO.to_owned()), None),
        StorageProvider::MinIo => (None, None),
    };
    let region = match (said, region) {
        (Some(said), Some(region)) if said != region.as_str() => {
            return Err(StorageViolation::RegionContradictsEndpoint);
        }
        (_, Some(region)) => region,
        (said, None) => StorageRegion::parse(said.as_deref().unwrap_or(MINIO_REGION))
            .map_err(|_| StorageViolation::RegionMalformed)?,
    };
    let endpoint = match (endpoint, derived_endpoint) {
        (Some(endpoint), _) => endpoint,
        (None, Some(text)) => {
            StorageEndpoint::parse(&text).map_err(|_| StorageViolation::EndpointMalformed)?
        }
        (None, None) => return Err(StorageViolation::EndpointMissing),
    };
    Ok((endpoint, region))
}

/// Words of letters that end in a number, as in `us-east-1`, `us-gov-west-1`, `eu-central-003`.
fn is_numbered(region: &str) -> bool {
    let letters = |word: &str| 2 <= word.len() && word.bytes().all(|b| b.is_ascii_lowercase());
    let mut words = region.rsplit('-');
    let number = words.next().unwrap_or_default();
    let numbered = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let words: Vec<_> = words.collect();
    numbered && (2..=3).contains(&words.len()) && words.into_iter().all(letters)
}

/// Amazon keeps a domain of its own for China and for the European sovereign cloud.
fn aws_endpoint(service: &str, region: &str) -> String {
    let domain = if region.starts_with("cn-") {
        "amazonaws.com.cn"
    } else if region.starts_with("eusc-") {
        "amazonaws.eu"
    } else {
        "amazonaws.com"
    };
    format!("https://{service}.{region}.{domain}")
}

fn aws_region(endpoint: &StorageEndpoint) -> Option<&str> {
    ["s3", "s3.dualstack"].into_iter().find_map(|service| {
        let rest = endpoint.as_str().strip_prefix("https://")?.strip_prefix(service)?.strip_prefix('.')?;
        let (region, _) = rest.split_once('.')?;
        (is_numbered(region) && aws_endpoint(service, region) == endpoint.as_str()).then_some(region)
    })
}

fn b2_endpoint(region: &str) -> String {
    format!("https://s3.{region}.backblazeb2.com")
}

fn b2_region(endpoint: &StorageEndpoint) -> Option<&str> {
    let region = endpoint.as_str().strip_prefix("https://s3.")?.strip_suffix(".backblazeb2.com")?;
    is_numbered(region).then_some(region)
}

/// `https://<account>[.<jurisdiction>].r2.cloudflarestorage.com`.
fn is_r2(endpoint: &StorageEndpoint) -> bool {
    let host = endpoint.as_str().strip_prefix("https://");
    let Some(name) = host.and_then(|host| host.strip_suffix(".r2.cloudflarestorage.com")) else {
        return false;
    };
    let (account, jurisdiction) = name.split_once('.').map_or((name, None), |(a, j)| (a, Some(j)));
    account.len() == 32
        && account.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && jurisdiction.is_none_or(|jurisdiction| R2_JURISDICTIONS.contains(&jurisdiction))
}

#[cfg(test)]
mod tests {
    use super::StorageProvider::{AwsS3, BackblazeB2, CloudflareR2, MinIo, Tigris};
    use super::*;

    const R2: &str = "https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com";
    const R2_EU: &str = "https://0123456789abcdef0123456789abcdef.eu.r2.cloudflarestorage.com";

    fn placed(
        provider: StorageProvider,
        endpoint: Option<&str>,
        region: Option<&str>,
    ) -> Result<(String, String), Vec<StorageViolation>> {
        place(provider, endpoint, region, PlainHttp::Refused)
            .map(|(endpoint, region)| (endpoint.to_string(), region.to_string()))
    }

    #[test]
    fn seed_001_each_provider_derives_what_it_can() {
        for (provider, endpoint, region, expected) in [
            (AwsS3, None, Some("eu-west-1"), ("https://s3.eu-west-1.amazonaws.com", "eu-west-1")),
            (AwsS3, None, Some("us-gov-west-1"), ("https://s3.us-gov-west-1.amazonaws.com", "us-gov-west-1")),
            (AwsS3, None, Some("cn-north-1"), ("https://s3.cn-north-1.amazonaws.com.cn", "cn-north-1")),
            (
                AwsS3,
                None,
                Some("eusc-de-east-1"),
                ("https://s3.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
            ),
            (
                AwsS3,
                Some("https://s3.dualstack.us-east-1.amazonaws.com"),
                Some("us-east-1"),
                ("https://s3.dualstack.us-east-1.amazonaws.com", "us-east-1"),
            ),
            (Tigris, None, None, ("https://t3.storage.dev", "auto")),
            (
                Tigris,
                Some("https://fly.storage.tigris.dev/"),
                Some("auto"),
                ("https://fly.storage.tigris.dev", "auto"),
            ),
            (CloudflareR2, Some(R2), None, (R2, "auto")),
            (CloudflareR2, Some(R2_EU), Some("auto"), (R2_EU, "auto")),
            (MinIo, Some("https://10.0.0.7:9000"), None, ("https://10.0.0.7:9000", "us-east-1")),
            (MinIo, Some("https://s3.acme.example"), Some("dc1"), ("https://s3.acme.example", "dc1")),
            (
                BackblazeB2,
                Some("https://s3.us-west-004.backblazeb2.com"),
                None,
                ("https://s3.us-west-004.backblazeb2.com", "us-west-004"),
            ),
            (
                BackblazeB2,
                None,
                Some("eu-central-003"),
                ("https://s3.eu-central-003.backblazeb2.com", "eu-central-003"),
            ),
        ] {
            let expected = Ok((expected.0.to_owned(), expected.1.to_owned()));
            assert_eq!(placed(provider, endpoint, region), expected, "{provider} {endpoint:?} {region:?}");
        }
    }

    #[test]
    fn what_was_derived_is_accepted_again() {
        for (provider, endpoint, region) in [
            (AwsS3, None, Some("cn-north-1")),
            (Tigris, None, None),
            (CloudflareR2, Some(R2_EU), None),
            (MinIo, Some("https://10.0.0.7:9000"), None),
            (BackblazeB2, None, Some("us-west-004")),
        ] {
            let first = placed(provider, endpoint, region).unwrap();
            let again = placed(provider, Some(&first.0), Some(&first.1)).unwrap();
            assert_eq!(first, again, "{provider}");
        }
    }

    #[test]
    fn each_provider_refuses_what_is_not_its_own_and_says_all_of_it() {
        use StorageViolation::{
            EndpointMalformed, EndpointMissing, EndpointNotEncrypted, EndpointNotOfProvider,
            RegionContradictsEndpoint, RegionMalformed, RegionMissing, RegionNotAuto,
        };
        let evil = Some("https://s3.eu-west-1.amazonaws.com.evil.example");
        for (provider, endpoint, region, expected) in [
            (AwsS3, None, None, vec![RegionMissing]),
            (AwsS3, None, Some("eu-west"), vec![RegionMalformed]),
            (AwsS3, None, Some("EU-WEST-1"), vec![RegionMalformed]),
            (AwsS3, None, Some("evil.example/-west-1"), vec![RegionMalformed]),
            (AwsS3, evil, Some("eu-west-1"), vec![EndpointNotOfProvider]),
            (AwsS3, evil, None, vec![EndpointNotOfProvider, RegionMissing]),
            (
                AwsS3,
                Some("https://s3.eu-west-1.amazonaws.com:8443"),
                Some("eu-west-1"),
                vec![EndpointNotOfProvider],
            ),
            (
                AwsS3,
                Some("https://s3.eu-west-1.amazonaws.com"),
                Some("eu-west-2"),
                vec![RegionContradictsEndpoint],
            ),
            (AwsS3, Some("http://s3.eu-west-1.amazonaws.com"), Some("eu-west-1"), vec![EndpointNotEncrypted]),
            (
                Tigris,
                Some("https://t3.storage.dev.evil.example"),
                Some("us-east-1"),
                vec![EndpointNotOfProvider, RegionNotAuto],
            ),
            (CloudflareR2, None, Some("weur"), vec![EndpointMissing, RegionNotAuto]),
            (CloudflareR2, Some("https://abc.r2.cloudflarestorage.com"), None, vec![EndpointNotOfProvider]),
            (
                CloudflareR2,
                Some("https://0123456789abcdef0123456789abcdef.xx.r2.cloudflarestorage.com"),
                None,
                vec![EndpointNotOfProvider],
            ),
            (MinIo, None, None, vec![EndpointMissing]),
            (MinIo, Some("http://minio.example"), Some("a b"), vec![EndpointNotEncrypted, RegionMalformed]),
            (MinIo, Some("minio.example"), None, vec![EndpointMalformed]),
            (BackblazeB2, None, None, vec![EndpointMissing]),
            (
                BackblazeB2,
                Some("https://s3.us-west-004.backblazeb2.com"),
                Some("us-west-001"),
                vec![RegionContradictsEndpoint],
            ),
            (
                BackblazeB2,
                Some("https://s3.x.evil.example"),
                Some("auto"),
                vec![EndpointNotOfProvider, RegionMalformed],
            ),
        ] {
            assert_eq!(
                placed(provider, endpoint, region),
                Err(expected),
                "{provider} {endpoint:?} {region:?}"
            );
        }
    }

    #[test]
    fn plain_http_is_for_minio_and_only_where_the_caller_allows_it() {
        let of = |provider, text| place(provider, Some(text), None, PlainHttp::Allowed).map(drop);
        assert_eq!(of(MinIo, "http://10.0.0.7:9000"), Ok(()));
        let refused = Err(vec![StorageViolation::EndpointNotEncrypted]);
        assert_eq!(of(Tigris, "http://t3.storage.dev"), refused);
    }
}

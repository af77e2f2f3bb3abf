//! The check of storage settings against a server that verifies signatures.

use std::time::{Duration, SystemTime};

use turnkeep_domain::time::Timestamp;
use turnkeep_outbound::allow_list::AllowList;
use turnkeep_outbound::s3_probe::{Addressing, ProbeFailure, S3Access, S3Probe};
use turnkeep_outbound::target::OutboundTarget;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_testkit::s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY};

use crate::resolvers::Scripted;

/// No check of a test that passes takes it.
const LIMIT: Duration = Duration::from_secs(60);

fn access(endpoint: &str, list: &AllowList) -> S3Access {
    S3Access {
        endpoint: OutboundTarget::parse(endpoint, list).unwrap(),
        region: "us-east-1".to_owned(),
        bucket: BUCKET.to_owned(),
        addressing: Addressing::Path,
        access_key: ACCESS_KEY.to_owned(),
        secret_key: PlaintextSecret::new(SECRET_KEY.to_owned()),
    }
}

/// The server compares the time of the signature with its own clock.
#[expect(clippy::disallowed_methods, reason = "a signature is good for now only")]
fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_secs(i64::try_from(since_epoch.as_secs()).unwrap())
}

#[test]
fn a_real_server_accepts_good_settings_and_names_what_is_wrong_with_others() {
    let server = S3Server::start().unwrap();
    let list = AllowList::parse([server.endpoint()]).unwrap();
    let probe = S3Probe::new(list.clone(), LIMIT);
    let good = access(&format!("http://{}", server.endpoint()), &list);
    let secret = |text: &str| PlaintextSecret::new(text.to_owned());
    let cases = [
        ("good", good.clone(), Ok(())),
        (
            "wrong secret",
            S3Access { secret_key: secret("another secret"), ..good.clone() },
            Err(ProbeFailure::WrongCredentials),
        ),
        (
            "no secret",
            S3Access { secret_key: secret(""), ..good.clone() },
            Err(ProbeFailure::WrongCredentials),
        ),
        (
            "unknown access key",
            S3Access { access_key: "somebody-else".to_owned(), ..good.clone() },
            Err(ProbeFailure::WrongCredentials),
        ),
        (
            "missing bucket",
            S3Access { bucket: "no-such-bucket".to_owned(), ..good.clone() },
            Err(ProbeFailure::NoSuchBucket),
        ),
    ];
    for (name, access, expected) in cases {
        assert_eq!(probe.check(&access, now()), expected, "{name}");
    }
}

#[test]
fn a_bucket_in_front_of_the_host_is_reached_where_the_operator_lists_that_name() {
    let server = S3Server::start_for("s3.test", 9000).unwrap();
    let resolution: &[&str] = &[server.address()];
    let cases = [
        (["s3.test:9000", "photos.s3.test:9000"], Ok(())),
        (["s3.test:9000", "other.s3.test:9000"], Err(ProbeFailure::Unreachable)),
    ];
    for (entries, expected) in cases {
        let list = AllowList::parse(entries).unwrap();
        let limit = if expected.is_ok() { LIMIT } else { Duration::from_millis(1) };
        let probe = S3Probe::with_resolver(list.clone(), Scripted::new(&[resolution]), limit);
        let path_style = access("http://s3.test:9000", &list);
        let access = S3Access { addressing: Addressing::VirtualHost, ..path_style };
        assert_eq!(probe.check(&access, now()), expected, "{entries:?}");
    }
}

#[test]
fn a_signature_that_is_too_old_is_not_accepted() {
    let server = S3Server::start().unwrap();
    let list = AllowList::parse([server.endpoint()]).unwrap();
    let probe = S3Probe::new(list.clone(), LIMIT);
    let access = access(&format!("http://{}", server.endpoint()), &list);
    let an_hour_ago = now().minus(Duration::from_secs(3600));
    assert!(probe.check(&access, an_hour_ago).is_err_and(|failure| failure != ProbeFailure::Unreachable));
}

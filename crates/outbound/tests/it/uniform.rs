//! Whatever keeps a check from reaching a storage, the answer is the same and takes the same time: requirement C 62.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use turnkeep_domain::time::Timestamp;
use turnkeep_outbound::allow_list::AllowList;
use turnkeep_outbound::s3_probe::{Addressing, ProbeFailure, S3Access, S3Probe};
use turnkeep_outbound::target::OutboundTarget;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::local_server::{Behaviour, LocalServer};
use crate::resolvers::Scripted;

const LIMIT: Duration = Duration::from_millis(300);
const SLACK: Duration = Duration::from_secs(20);

/// Settings that were saved when everything was allowed.
fn saved(endpoint: &str) -> S3Access {
    let list = AllowList::parse(["127.0.0.0/8", "minio", "unknown.example"]).unwrap();
    S3Access {
        endpoint: OutboundTarget::parse(endpoint, &list).unwrap(),
        region: "us-east-1".to_owned(),
        bucket: "photos".to_owned(),
        addressing: Addressing::Path,
        access_key: "access".to_owned(),
        secret_key: PlaintextSecret::new("secret".to_owned()),
    }
}

fn assert_unreachable(case: &str, allowed: &[&str], resolution: &[&[&str]], access: &S3Access) {
    let list = AllowList::parse(allowed.iter().copied()).unwrap();
    let probe = S3Probe::with_resolver(list, Scripted::new(resolution), LIMIT);
    let begin = Instant::now();
    let outcome = probe.check(access, Timestamp::from_secs(1_800_000_000));
    let elapsed = begin.elapsed();
    assert_eq!(outcome, Err(ProbeFailure::Unreachable), "{case}");
    assert!((LIMIT..SLACK).contains(&elapsed), "{case}: {elapsed:?}");
}

#[test]
fn an_endpoint_that_cannot_be_asked_looks_like_any_other() {
    let server = LocalServer::answering("200 OK", "", "<ListBucketResult/>");
    let port = server.port();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let loopback = saved(&server.url());
    let by_name = saved(&format!("https://s3.example.com:{port}"));

    assert_unreachable("not listed any more", &[], &[], &loopback);
    assert_unreachable("refused address", &[], &[&["127.0.0.1"]], &by_name);
    assert_unreachable("unknown host", &[], &[], &by_name);
    assert_unreachable("closed port", &[&closed], &[], &saved(&format!("http://{closed}")));
    assert_eq!(server.into_connections(), 0);
}

#[test]
fn an_answer_that_is_no_storage_looks_like_no_answer() {
    let elsewhere = LocalServer::answering("200 OK", "", "<ListBucketResult/>");
    let redirect = format!("Location: {}\r\n", elsewhere.url());
    let endless = |begin: &str, repeated: &str| {
        LocalServer::start(Behaviour::Endless { begin: begin.to_owned(), repeated: repeated.to_owned() })
    };
    let servers = [
        ("redirect", LocalServer::answering("302 Found", &redirect, "")),
        ("a web page", LocalServer::answering("200 OK", "", "<html></html>")),
        ("not found", LocalServer::answering("404 Not Found", "", "")),
        ("another protocol", LocalServer::start(Behaviour::Answer("SSH-2.0-OpenSSH\r\n".to_owned()))),
        ("a closed door", LocalServer::start(Behaviour::HangUp)),
        ("silence", LocalServer::start(Behaviour::Silence)),
        ("endless body", endless("HTTP/1.1 200 OK\r\n\r\n<ListBucketResult>", "xxxxxxxxxxxxxxxx")),
        ("endless head", endless("HTTP/1.1 200 OK\r\n", "X-Filler: x\r\n")),
        (
            "10 GB",
            LocalServer::start(Behaviour::Drip {
                begin: "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n".to_owned(),
            }),
        ),
    ];
    for (case, server) in servers {
        let allowed = [server.entry(), elsewhere.entry()];
        let allowed = allowed.each_ref().map(String::as_str);
        assert_unreachable(case, &allowed, &[], &saved(&server.url()));
        // That no TLS is spoken there is not told apart either.
        assert_unreachable(case, &allowed, &[], &saved(&server.url().replace("http:", "https:")));
    }
    assert_eq!(elsewhere.into_connections(), 0);
}

#[test]
fn a_storage_is_told_from_the_rest_without_waiting() {
    let body = "<Error><Code>NoSuchBucket</Code></Error>";
    let server = LocalServer::answering("404 Not Found", "", body);
    let list = AllowList::parse([server.entry().as_str()]).unwrap();
    let probe = S3Probe::with_resolver(list, Scripted::new(&[]), SLACK * 3);
    let begin = Instant::now();
    let outcome = probe.check(&saved(&server.url()), Timestamp::from_secs(1_800_000_000));
    assert_eq!(outcome, Err(ProbeFailure::NoSuchBucket));
    assert!(begin.elapsed() < SLACK);
}

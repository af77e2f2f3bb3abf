//! The token endpoint from metadata.

use std::time::Duration;

use tokio::time::Instant;
use turnkeep_client::builder::Discovery;
use turnkeep_client::token_error::{Cause, Flaw};

use crate::authority::{Answer, Authority};
use crate::clock;

fn metadata(issuer: &str, endpoint: &str) -> Answer {
    Answer::new(200, format!(r#"{{"issuer":"{issuer}","token_endpoint":"{endpoint}"}}"#))
}

fn lines(authority: &Authority) -> Vec<String> {
    authority.requests().into_iter().map(|request| request.line).collect()
}

#[tokio::test]
async fn metadata_is_read_once_and_before_the_secret_is_sent() {
    for (discovery, path) in [
        (Discovery::AuthorizationServer, "GET /.well-known/oauth-authorization-server"),
        (Discovery::OpenId, "GET /.well-known/openid-configuration"),
    ] {
        let authority = Authority::start([]);
        authority.will_say([metadata(authority.url(), &format!("{}/elsewhere", authority.url()))]);
        let client = authority.builder().discover(discovery).build().unwrap();
        client.token().await.unwrap();
        clock::pass(1_000).await;
        client.token().await.unwrap();
        assert_eq!(lines(&authority), [path, "POST /elsewhere", "POST /elsewhere"]);
        assert_eq!(authority.requests()[0].header("authorization"), None);
    }
}

#[tokio::test]
async fn metadata_of_another_issuer_gets_no_secret() {
    let (authority, other) = (Authority::start([]), Authority::start([]));
    authority.will_say([metadata(other.url(), &format!("{}/connect/token", other.url()))]);
    let client = authority.builder().discover(Discovery::AuthorizationServer).build().unwrap();
    let failure = client.token().await.unwrap_err();
    assert!(matches!(failure.cause(), Cause::Unusable(Flaw::OtherIssuer)));
    assert_eq!((authority.count(), other.count()), (1, 0));
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_looked_up_again() {
    let authority = Authority::start([]);
    let metadata = |path: &str| metadata(authority.url(), &format!("{}{path}", authority.url()));
    authority.will_say([metadata("/old"), Answer::new(404, ""), metadata("/new")]);
    let client = authority.builder().discover(Discovery::AuthorizationServer).build().unwrap();
    assert!(client.token().await.is_err());
    clock::pass(1).await;
    client.token().await.unwrap();
    let looked_up = "GET /.well-known/oauth-authorization-server";
    assert_eq!(lines(&authority), [looked_up, "POST /old", looked_up, "POST /new"]);
}

#[tokio::test]
async fn metadata_that_is_not_there_is_a_failure_like_any_other() {
    let authority = Authority::start([Answer::new(503, "").with("Retry-After", "9")]);
    let client = authority.builder().discover(Discovery::OpenId).build().unwrap();
    let begin = Instant::now();
    let failure = client.token().await.unwrap_err();
    assert!(matches!(failure.cause(), Cause::Unavailable(503)));
    assert!(begin + Duration::from_secs(9) <= failure.retry_at());
}

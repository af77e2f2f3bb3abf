//! What an authority cannot make the client do.

use std::time::Duration;

use reqwest::{ClientBuilder, Proxy, redirect};
use tokio::time::Instant;
use turnkeep_client::token_client::TokenClient;
use turnkeep_client::token_error::{Cause, Flaw};

use crate::authority::{Answer, Authority};

async fn flaw(client: &TokenClient) -> Flaw {
    match client.token().await.unwrap_err().cause() {
        Cause::Unusable(flaw) => *flaw,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn redirects_are_not_followed_whatever_the_callers_client_says() {
    let elsewhere = Authority::start([]);
    let target = format!("{}/connect/token", elsewhere.url());
    for status in [301, 302, 303, 307, 308] {
        let authority = Authority::start([Answer::new(status, "").with("Location", &target)]);
        assert_eq!(flaw(&authority.client()).await, Flaw::Redirect);
        authority.will_say([Answer::new(status, "").with("Location", &target)]);
        let http = ClientBuilder::new().redirect(redirect::Policy::limited(10));
        assert_eq!(flaw(&authority.builder().http(http).build().unwrap()).await, Flaw::Redirect);
    }
    assert_eq!(elsewhere.count(), 0);
}

#[tokio::test]
async fn plain_http_takes_no_proxy() {
    let (authority, proxy) = (Authority::start([]), Authority::start([]));
    let http = ClientBuilder::new().proxy(Proxy::all(proxy.url()).unwrap());
    authority.builder().http(http).build().unwrap().token().await.unwrap();
    assert_eq!((authority.count(), proxy.count()), (1, 0));
}

#[tokio::test]
async fn answers_have_a_largest_size() {
    let grant = |padding: usize| {
        let body = r#"{"access_token":"t","token_type":"Bearer","expires_in":900}"#;
        Answer::new(200, format!("{body}{}", " ".repeat(padding - body.len())))
    };
    let authority = Authority::start([grant(64 * 1024)]);
    assert_eq!(authority.client().token().await.unwrap().expose(), "t");
    authority.will_say([grant(64 * 1024 + 1)]);
    assert_eq!(flaw(&authority.client()).await, Flaw::TooLarge);
}

#[tokio::test]
async fn a_large_page_of_an_intermediary_does_not_hide_its_status() {
    let authority = Authority::start([Answer::new(503, "x".repeat(100_000)).with("Retry-After", "7")]);
    let begin = Instant::now();
    let failure = authority.client().token().await.unwrap_err();
    assert!(matches!(failure.cause(), Cause::Unavailable(503)));
    assert!(begin + Duration::from_secs(7) <= failure.retry_at());
}

#[tokio::test]
async fn answers_that_are_no_grants_are_refused() {
    for (answer, expected) in [
        (Answer::new(200, "<html>"), Flaw::Malformed),
        (Answer::token("a b", 900), Flaw::Malformed),
        (Answer::token("a", 0), Flaw::NoLifetime),
        (Answer::new(418, "short and stout"), Flaw::Status(418)),
    ] {
        let authority = Authority::start([answer]);
        assert_eq!(flaw(&authority.client()).await, expected);
    }
}

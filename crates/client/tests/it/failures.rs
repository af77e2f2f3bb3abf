//! No token: what callers are told, and how long the authority is left alone.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use tokio::time::Instant;
use turnkeep_client::token_client::TokenClient;
use turnkeep_client::token_error::{Cause, Refusal};

use crate::authority::{Answer, Authority};
use crate::clock;
use crate::waiters::waiting;

const NOON: &str = "Sat, 21 Nov 2026 12:00:00 GMT";
const HALF_A_MINUTE_LATER: &str = "Sat, 21 Nov 2026 12:00:30 GMT";

#[tokio::test]
async fn retry_after_is_honoured_in_both_forms() {
    for (status, answer) in [
        (429, Answer::error(429, "temporarily_unavailable").with("Retry-After", "30")),
        (503, Answer::new(503, "<html>").with("Retry-After", "30")),
        (503, Answer::new(503, "").with("Retry-After", HALF_A_MINUTE_LATER).with("Date", NOON)),
    ] {
        let authority = Authority::start([answer]);
        let client = authority.client();
        let begin = Instant::now();
        let failure = client.token().await.unwrap_err();
        assert!(begin + Duration::from_secs(30) <= failure.retry_at());
        assert!(failure.retry_after() <= Duration::from_secs(33));
        match failure.cause() {
            Cause::Throttled => assert_eq!(status, 429),
            Cause::Unavailable(told) => assert_eq!(*told, status),
            other => panic!("{other:?}"),
        }
        assert!(!failure.is_permanent());

        clock::pass(20).await;
        let again = client.token().await.unwrap_err();
        assert_eq!((again.retry_at(), authority.count()), (failure.retry_at(), 1));
        clock::pass(14).await;
        assert_eq!(client.token().await.unwrap().expose(), "token-2");
        assert!(client.last_failure().is_none());
    }
}

#[tokio::test]
async fn refusals_are_told_apart_and_not_repeated_at_full_rate() {
    for (status, code, expected) in [
        (401, "invalid_client", Refusal::InvalidClient),
        (400, "unauthorized_client", Refusal::UnauthorizedClient),
        (400, "invalid_scope", Refusal::InvalidScope),
        (400, "invalid_target", Refusal::InvalidTarget),
        (404, "invalid_request", Refusal::InvalidRequest),
        (400, "no_such_code", Refusal::Other),
    ] {
        let authority = Authority::start([Answer::error(status, code)]);
        let client = authority.client();
        for _ in 0..100 {
            let failure = client.token().await.unwrap_err();
            assert!(matches!(failure.cause(), Cause::Refused(refusal) if *refusal == expected), "{code}");
            assert!(failure.is_permanent());
        }
        assert_eq!(authority.count(), 1);
        // Somebody may have put it right.
        clock::pass(11).await;
        assert_eq!(client.token().await.unwrap().expose(), "token-2");
    }
}

#[tokio::test]
async fn an_authority_that_is_not_there_is_unreachable() {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let client = TokenClient::builder(format!("http://127.0.0.1:{port}"), "app", "secret").build().unwrap();
    let failure = client.token().await.unwrap_err();
    assert!(matches!(failure.cause(), Cause::Unreachable(_)));
    assert!(std::error::Error::source(&failure).is_some());
}

#[tokio::test]
async fn an_authority_that_is_silent_is_given_up() {
    let authority = Authority::start([]);
    let client = authority.builder().timeout(Duration::from_secs(3_600)).build().unwrap();
    authority.hold();
    let call = waiting(&client);
    authority.arrived(1).await;
    clock::pass(3_600).await;
    let failure = call.await.unwrap_err();
    assert!(matches!(failure.cause(), Cause::TimedOut), "{failure:?}");
    authority.release();
    clock::pass(1).await;
    assert!(client.token().await.is_ok());
}

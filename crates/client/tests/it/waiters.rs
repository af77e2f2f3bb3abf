//! Many callers and one request.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use turnkeep_client::access_token::AccessToken;
use turnkeep_client::token_client::TokenClient;
use turnkeep_client::token_error::{Cause, Refusal, TokenError};

use crate::authority::{Answer, Authority};

pub(crate) type Call = Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send>>;

/// A caller who has begun to wait.
pub(crate) fn waiting(client: &TokenClient) -> Call {
    let client = client.clone();
    let mut call: Call = Box::pin(async move { client.token().await });
    assert!(matches!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending));
    call
}

#[tokio::test]
async fn a_thousand_first_callers_cause_one_request() {
    let authority = Authority::start([]);
    let client = authority.client();
    authority.hold();
    let calls: Vec<Call> = (0..1_000).map(|_| waiting(&client)).collect();
    authority.arrived(1).await;
    authority.release();
    for call in calls {
        assert_eq!(call.await.unwrap().expose(), "token-1");
    }
    assert_eq!(authority.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn so_they_do_on_several_threads() {
    let authority = Authority::start([]);
    let client = authority.client();
    authority.hold();
    let call = || {
        let client = client.clone();
        tokio::spawn(async move { client.token().await.unwrap().expose().to_owned() })
    };
    let calls: Vec<_> = (0..1_000).map(|_| call()).collect();
    authority.arrived(1).await;
    authority.release();
    for call in calls {
        assert_eq!(call.await.unwrap(), "token-1");
    }
    assert_eq!(authority.count(), 1);
}

#[tokio::test]
async fn all_of_them_are_told_of_a_failure() {
    let authority = Authority::start([Answer::error(401, "invalid_client")]);
    let client = authority.client();
    authority.hold();
    let calls: Vec<Call> = (0..100).map(|_| waiting(&client)).collect();
    authority.release();
    for call in calls {
        assert!(matches!(call.await.unwrap_err().cause(), Cause::Refused(Refusal::InvalidClient)));
    }
    assert_eq!(authority.count(), 1);
}

#[tokio::test]
async fn the_first_caller_may_go_away() {
    let authority = Authority::start([]);
    let client = authority.client();
    authority.hold();
    let first = waiting(&client);
    let second = waiting(&client);
    authority.arrived(1).await;
    drop(first);
    authority.release();
    assert_eq!(second.await.unwrap().expose(), "token-1");
    assert_eq!(authority.count(), 1);
}

#[test]
fn a_runtime_may_be_shut_down_under_a_request() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let authority = Authority::start([]);
    let client = authority.client();
    authority.hold();
    let first = runtime();
    let call = {
        let _entered = first.enter();
        waiting(&client)
    };
    first.block_on(authority.arrived(1));
    drop(first);
    authority.release();
    // Both who waited already and who comes now get a token by a request on the runtime that is left.
    let second = runtime();
    assert!(second.block_on(call).is_ok());
    assert!(second.block_on(client.token()).is_ok());
    assert_eq!(authority.count(), 2);
}

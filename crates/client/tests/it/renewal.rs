//! Renewal ahead of expiry, in the background.

use std::time::Duration;

use tokio::time::Instant;

use crate::authority::{Answer, Authority};
use crate::clock;
use crate::waiters::waiting;

#[tokio::test]
async fn a_token_is_renewed_while_the_old_one_serves() {
    let authority = Authority::start([]);
    let client = authority.builder().timeout(Duration::from_secs(3_600)).build().unwrap();
    client.token().await.unwrap();
    // From 80 % of its life on for sure. The answer does not come, and nobody waits for it.
    authority.hold();
    clock::pass(720).await;
    for _ in 0..10 {
        assert_eq!(client.token().await.unwrap().expose(), "token-1");
    }
    authority.arrived(2).await;
    assert_eq!(client.token().await.unwrap().expose(), "token-1");
    // Once the old one has expired, they do.
    clock::pass(180).await;
    authority.release();
    assert_eq!(client.token().await.unwrap().expose(), "token-2");
    assert_eq!(authority.count(), 2);
}

#[tokio::test]
async fn a_lifetime_counts_from_the_request() {
    let authority = Authority::start([]);
    let client = authority.builder().timeout(Duration::from_secs(3_600)).build().unwrap();
    authority.hold();
    let call = waiting(&client);
    authority.arrived(1).await;
    let arrived_at = Instant::now();
    clock::pass(100).await;
    authority.release();
    assert!(call.await.unwrap().expires_at() <= arrived_at + Duration::from_secs(900));
}

#[tokio::test]
async fn nobody_gets_a_token_that_is_about_to_expire() {
    let authority = Authority::start([]);
    let client = authority.client();
    client.token().await.unwrap();
    clock::pass(891).await;
    assert_eq!(client.token().await.unwrap().expose(), "token-2");
    assert_eq!(authority.count(), 2);
}

#[tokio::test]
async fn a_renewal_that_fails_leaves_the_old_token_until_it_expires() {
    let authority = Authority::start([Answer::token("first", 900)]);
    let client = authority.client();
    client.token().await.unwrap();
    authority.will_say([Answer::error(401, "invalid_client").with("Retry-After", "600")]);
    clock::pass(725).await;
    assert_eq!(client.token().await.unwrap().expose(), "first");
    while client.last_failure().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.token().await.unwrap().expose(), "first");
    clock::pass(170).await;
    let failure = client.token().await.unwrap_err();
    assert!(failure.is_permanent());
    assert_eq!(authority.count(), 2);
}

//! What happens when the server goes away, hangs, or comes back.

use std::time::{Duration, Instant};

use turnkeep_guard::layer::Layer;
use turnkeep_guard::rate_limits::shared::{SharedAnswer, SharedLimits, SharedTake};
use turnkeep_shared_limits::redis_limits::Presence;
use turnkeep_testkit::redis_server::RedisServer;

use crate::world::{counted, node, node_that_is_there, node_that_trusts, node_with, run, take};

#[test]
fn a_killed_server_is_gone_and_a_restarted_one_is_shared_again() {
    let mut server = RedisServer::start().unwrap();
    run(async {
        let first = node_that_is_there(&server.url()).await;
        let second = node_that_is_there(&server.url()).await;
        let client = [take(Layer::Client, 1, "20/86400")];
        assert_eq!(counted(&[&first, &second], &client).await, 20);
        for _ in 0..2 {
            server.kill().unwrap();
            for node in [&first, &second] {
                assert_eq!(node.take(&client).await, SharedAnswer::Gone);
                node.reached(Presence::Gone).await;
                assert!(node.is_gone());
            }
            server.restart().unwrap();
            for node in [&first, &second] {
                node.reached(Presence::There).await;
                assert!(!node.is_gone());
            }
            assert_eq!(counted(&[&first, &second], &client).await, 20);
        }
    });
}

#[test]
fn a_server_that_hangs_costs_one_patience_and_then_nothing() {
    let server = RedisServer::start().unwrap();
    run(async {
        // Long enough for a busy machine to answer in; short for a test.
        let node = node_with(&server.url(), Duration::from_secs(2));
        node.reached(Presence::There).await;
        let client = [take(Layer::Client, 1, "20/86400")];
        assert!(matches!(node.take(&client).await, SharedAnswer::Within(_)));
        server.freeze().unwrap();
        assert_eq!(node.take(&client).await, SharedAnswer::Gone);
        node.reached(Presence::Gone).await;
        let before = Instant::now();
        for _ in 0..1_000 {
            assert_eq!(node.take(&client).await, SharedAnswer::Gone);
        }
        // A patience for each would be half an hour.
        assert!(before.elapsed() < Duration::from_secs(60), "{:?}", before.elapsed());
        server.thaw().unwrap();
        node.reached(Presence::There).await;
        assert!(matches!(node.take(&client).await, SharedAnswer::Within(_)));
    });
}

#[test]
fn a_node_starts_without_the_server_and_finds_it_later() {
    let mut server = RedisServer::start().unwrap();
    server.kill().unwrap();
    run(async {
        let node = node(&server.url());
        assert_eq!(node.take(&[take(Layer::Client, 1, "20/86400")]).await, SharedAnswer::Gone);
        server.restart().unwrap();
        node.reached(Presence::There).await;
        assert_eq!(counted(&[&node], &[take(Layer::Client, 1, "20/86400")]).await, 20);
    });
}

#[test]
fn a_server_whose_script_is_forgotten_is_told_again() {
    let server = RedisServer::start().unwrap();
    run(async {
        let node = node_that_is_there(&server.url()).await;
        let client = [take(Layer::Client, 1, "20/86400")];
        assert!(matches!(node.take(&client).await, SharedAnswer::Within(_)));
        server.command(&["SCRIPT", "FLUSH"]).unwrap();
        assert_eq!(counted(&[&node], &client).await, 19);
    });
}

#[test]
fn only_the_right_password_opens_a_server() {
    let server = RedisServer::start_with(&["--requirepass", "canary"]).unwrap();
    let wrong = node(&format!("{}?pass=cannery", server.url()));
    run(async {
        let right = node_that_is_there(&format!("{}?pass=canary", server.url())).await;
        assert_eq!(counted(&[&right], &[take(Layer::Client, 1, "20/86400")]).await, 20);
        assert!(!format!("{right:?}").contains("canary"));
        assert_eq!(wrong.take(&[take(Layer::Client, 1, "20/86400")]).await, SharedAnswer::Gone);
    });
}

#[test]
fn a_server_is_used_over_tls_if_its_certificate_is_trusted() {
    let (server, url) = RedisServer::start_with_tls().unwrap();
    let stranger = node(&url);
    run(async {
        let node = node_that_trusts(&url, server.certificate().unwrap());
        node.reached(Presence::There).await;
        let client = [take(Layer::Client, 1, "20/86400")];
        assert_eq!(counted(&[&node], &client).await, 20);
        assert_eq!(stranger.take(&client).await, SharedAnswer::Gone);
    });
}

#[test]
fn nothing_of_a_subject_can_be_read_from_the_server() {
    let server = RedisServer::start().unwrap();
    run(async {
        let node = node_that_is_there(&server.url()).await;
        let readable = SharedTake { subject: *b"the-client-canry", ..take(Layer::Client, 1, "20/86400") };
        assert!(matches!(node.take(&[readable]).await, SharedAnswer::Within(_)));
        let keys = server.command(&["KEYS", "*"]).unwrap();
        assert!(keys.starts_with("turnkeep:limit:token:client:") && !keys.contains("canry"), "{keys}");
        // Each key ends by itself once nothing is owed any more.
        let seconds: u64 = server.command(&["TTL", keys.trim()]).unwrap().trim().parse().unwrap();
        assert!(0 < seconds && seconds <= 86_400 / 20, "{seconds}");
    });
}

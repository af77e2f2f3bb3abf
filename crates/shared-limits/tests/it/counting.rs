//! What is counted while the server is there.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use turnkeep_guard::layer::Layer;
use turnkeep_guard::rate_limits::shared::{SharedAnswer, SharedLimits};
use turnkeep_testkit::redis_server::RedisServer;

use crate::world::{counted, node_that_is_there, run, take};

#[test]
fn nodes_share_a_limit() {
    let server = RedisServer::start().unwrap();
    run(async {
        let first = node_that_is_there(&server.url()).await;
        let second = node_that_is_there(&server.url()).await;
        // A day: nothing comes back while the test runs.
        let client = [take(Layer::Client, 1, "20/86400")];
        assert_eq!(counted(&[&first, &second], &client).await, 20);
        assert_eq!(counted(&[&second], &[take(Layer::Client, 2, "20/86400")]).await, 20);
        assert_eq!(counted(&[&second], &[take(Layer::Tenant, 1, "7/86400")]).await, 7);
    });
}

#[test]
fn requests_that_come_together_are_all_counted() {
    let server = RedisServer::start().unwrap();
    run(async {
        let url = server.url();
        let nodes = join_all((0..4).map(|_| node_that_is_there(&url))).await;
        let client = [take(Layer::Client, 1, "120/86400")];
        let answers = join_all(nodes.iter().cycle().take(200).map(|node| node.take(&client))).await;
        let within = answers.iter().filter(|answer| matches!(answer, SharedAnswer::Within(_))).count();
        assert_eq!(within, 120);
    });
}

#[test]
fn all_limits_of_a_request_are_charged_or_none() {
    let server = RedisServer::start().unwrap();
    run(async {
        let node = node_that_is_there(&server.url()).await;
        let [alice, bob] = [1, 2].map(|client| take(Layer::Client, client, "10/86400"));
        let tenant = take(Layer::Tenant, 7, "4/86400");
        assert_eq!(counted(&[&node], &[bob, tenant]).await, 4);
        let refused = node.take(&[alice, tenant]).await;
        let SharedAnswer::Exceeded { index: 1, retry_in, resets_in } = refused else { panic!("{refused:?}") };
        // A quarter of a day for one; four of them for all, less what has passed since the first.
        let hour = Duration::from_secs(3_600);
        assert!(retry_in <= 6 * hour && 5 * hour < retry_in, "{retry_in:?}");
        assert!(resets_in <= 24 * hour && 23 * hour < resets_in, "{resets_in:?}");
        // Nothing of it was charged to her.
        assert_eq!(counted(&[&node], &[alice]).await, 10);
    });
}

#[test]
fn what_is_left_is_told_for_each_limit() {
    let server = RedisServer::start().unwrap();
    run(async {
        let node = node_that_is_there(&server.url()).await;
        let takes = [take(Layer::Client, 1, "10/86400"), take(Layer::Tenant, 7, "3/86400")];
        for left in [[9, 2], [8, 1], [7, 0]] {
            let SharedAnswer::Within(counts) = node.take(&takes).await else { panic!("{left:?}") };
            assert_eq!(counts.iter().map(|count| count.remaining).collect::<Vec<_>>(), left);
        }
    });
}

#[test]
fn a_limit_comes_back_evenly_by_the_clock_of_the_server() {
    let server = RedisServer::start().unwrap();
    run(async {
        let node = node_that_is_there(&server.url()).await;
        let client = [take(Layer::Client, 1, "10/5")];
        let (before, mut counted, mut refused) = (Instant::now(), 0, 0);
        while counted < 12 {
            match node.take(&client).await {
                SharedAnswer::Within(_) => counted += 1,
                SharedAnswer::Exceeded { retry_in, .. } => {
                    assert!(retry_in <= Duration::from_millis(500), "{retry_in:?}");
                    refused += 1;
                }
                SharedAnswer::Gone => panic!("the server is gone"),
            }
        }
        // Ten at once and two more at one in half a second; the clocks of both sides count a little apart.
        assert!(Duration::from_millis(990) <= before.elapsed(), "{:?}", before.elapsed());
        assert!(0 < refused);
    });
}

#[test]
fn a_more_generous_limit_takes_effect_at_once() {
    let server = RedisServer::start().unwrap();
    run(async {
        let node = node_that_is_there(&server.url()).await;
        assert_eq!(counted(&[&node], &[take(Layer::Client, 1, "2/86400")]).await, 2);
        let SharedAnswer::Exceeded { retry_in, .. } = node.take(&[take(Layer::Client, 1, "60/60")]).await
        else {
            panic!("more is owed than the new limit has")
        };
        assert!(retry_in <= Duration::from_secs(1), "{retry_in:?}");
    });
}

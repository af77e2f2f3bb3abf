//! Two nodes that count requests together in a Redis server, and by themselves when it is gone.

use tempfile::tempdir;
use turnkeep_testkit::postgres::PostgresCluster;
use turnkeep_testkit::redis_server::RedisServer;

use crate::process::{Demo, Server, refusal_of, turnkeep};
use crate::wire::Client;

fn text_of(url: &str) -> String {
    ureq::get(url).call().unwrap().body_mut().read_to_string().unwrap()
}

/// Waits until both nodes say so.
fn wait_until(nodes: [&str; 2], is_gone: bool) {
    let line = format!("turnkeep_shared_limits_gone {}", u8::from(is_gone));
    for node in nodes {
        while !text_of(&format!("{node}/metrics")).lines().any(|said| said == line) {}
    }
}

#[test]
fn a_limit_is_that_of_both_nodes_together_and_of_each_when_nobody_counts_for_both() {
    let folder = tempdir().unwrap();
    let database = PostgresCluster::shared().unwrap().new_database().unwrap();
    let mut redis = RedisServer::start().unwrap();
    let settings =
        [("TURNKEEP_SHARED_LIMITS", redis.url()), ("TURNKEEP_RATE_LIMIT_TOKEN", "client=6/86400".to_owned())];
    let one = Demo::start_by(folder.path(), &["--database", database.url()], &settings);
    let key = folder.path().join("data/master.key");
    let mut command = turnkeep(&["serve", "--listen", "127.0.0.1:0", "--database", database.url()]);
    command.args(["--base-url", &one.text("/base_url")]).arg("--data").arg(folder.path());
    command.arg("--master-key-file").arg(key).envs(settings.iter().map(|(name, value)| (name, value)));
    let other = Server::start(&mut command);
    let here = Client::of(&one, "app");
    let there = here.at(&other.address);
    let nodes = [one.server.base_url.as_str(), other.address.as_str()];
    wait_until(nodes, false);
    for client in [&here, &there, &here, &there, &here, &there] {
        assert_eq!(client.request_token().status, 200);
    }
    for client in [&here, &there] {
        assert_eq!(client.request_token().status, 429);
    }
    redis.kill().unwrap();
    // A question is how a node notices.
    while here.request_token().status == 429 {}
    while there.request_token().status == 429 {}
    wait_until(nodes, true);
    // Each has counted what it let pass: three, the one that was refused for both, and the one that told it.
    for client in [&here, &there] {
        assert_eq!(client.request_token().status, 200);
        assert_eq!(client.request_token().status, 429);
    }
}

#[test]
fn an_address_that_is_none_is_said_without_its_password() {
    let folder = tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let file = folder.path().join("url");
    std::fs::write(&file, "http://:canary-password@cache.example:1").unwrap();
    let mut command = turnkeep(&["serve", "--data", data]);
    let said = refusal_of(command.env("TURNKEEP_SHARED_LIMITS_FILE", &file));
    assert!(
        said.contains("shared_limits_file (from TURNKEEP_SHARED_LIMITS_FILE): must be `redis://"),
        "{said}"
    );
    assert!(!said.contains("canary"), "{said}");
}

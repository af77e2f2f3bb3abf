//! Nodes that share one PostgreSQL database.

use std::path::Path;

use serde_json::json;
use tempfile::tempdir;
use turnkeep_testkit::postgres::PostgresCluster;

use crate::process::{Demo, Server, run, turnkeep};
use crate::wire::{Client, Management};

fn serve(folder: &Path, database: &str) -> Server {
    let key = folder.join("master.key");
    let (folder, key) = (folder.to_str().unwrap(), key.to_str().unwrap());
    Server::start(&mut turnkeep(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data",
        folder,
        "--master-key-file",
        key,
        "--database",
        database,
    ]))
}

#[test]
fn nodes_that_start_at_once_on_an_empty_database_make_one_operator() {
    let folder = tempdir().unwrap();
    let key = folder.path().join("master.key");
    assert!(run(&["keys", "new-master-key", "--out", key.to_str().unwrap()]).status.success());
    let database = PostgresCluster::shared().unwrap().new_database().unwrap();
    let nodes: Vec<Server> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| serve(folder.path(), database.url()))).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    let first_starts =
        nodes.iter().filter(|node| node.said.iter().any(|line| line.contains("first start"))).count();
    assert_eq!(first_starts, 1);
}

#[test]
fn what_one_node_kills_is_dead_on_the_other() {
    let folder = tempdir().unwrap();
    let database = PostgresCluster::shared().unwrap().new_database().unwrap();
    let one = Demo::start_with(folder.path(), &["--database", database.url()]);
    let base_url = one.text("/base_url");
    // Both nodes are one issuer to their clients.
    let key = folder.path().join("data/master.key");
    let other = Server::start(&mut turnkeep(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--base-url",
        &base_url,
        "--database",
        database.url(),
        "--data",
        folder.path().to_str().unwrap(),
        "--master-key-file",
        key.to_str().unwrap(),
    ]));
    let here = Client::of(&one, "app");
    let there = here.at(&other.address);
    let token = there.token();
    assert_eq!(here.introspect(&token)["active"], true);
    let app = one.text("/app/id");
    assert_eq!(Management::of(&one).act(&format!("/apps/{app}/disable")).status, 200);
    assert_eq!(there.request_token().status, 401);
    assert_eq!(Management::of(&one).act(&format!("/apps/{app}/enable")).status, 200);
    assert_eq!(there.introspect(&token), json!({ "active": false }));
}

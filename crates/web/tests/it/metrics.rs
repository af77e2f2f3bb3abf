//! What a node tells of itself: the metrics, and the same facts as JSON.

use std::collections::BTreeMap;

use actix_web::test::TestRequest;
use futures_util::future::join;
use serde_json::json;

use crate::world::requests::request;
use crate::world::troubled_store::Trouble;
use crate::world::{TestApp, World};

/// Every series with its value.
async fn series(world: &World) -> BTreeMap<String, f64> {
    let answer = world.send(TestRequest::get().uri("/metrics")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let samples = answer.text().lines().filter(|line| !line.starts_with('#'));
    samples
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap())
        })
        .collect()
}

#[actix_web::test]
async fn metrics_are_openmetrics_text_for_everybody() {
    let world = World::bare();
    let answer = world.send(TestRequest::get().uri("/metrics")).await;
    let openmetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!((answer.status, answer.header("content-type")), (200, Some(openmetrics)));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.text().ends_with("# EOF\n"));
    for (method, path) in [("POST", "/metrics"), ("DELETE", "/health/node-state"), ("TRACE", "/metrics")] {
        let refused = world.send(request(method, path)).await;
        assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")), "{method} {path}");
    }
}

#[actix_web::test]
async fn metrics_follow_what_happens() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let before = series(&world).await;
    world.token(&app).await;
    let nobody = TestApp { client_id: "nobody".to_owned(), ..app.clone() };
    world.ask_token(&nobody, "").await;
    world.operated("POST", &format!("/api/v1/apps/{}/disable", app.id), None).await;
    let after = series(&world).await;
    for (name, rise) in [
        ("turnkeep_in_step", 0.0),
        ("turnkeep_applied_sequence", 1.0),
        ("turnkeep_since_look_seconds", 0.0),
        ("turnkeep_apps_in_memory", 1.0),
        ("turnkeep_absences_in_memory", 1.0),
        ("turnkeep_app_loads_total", 2.0),
        ("turnkeep_slow_hashes_total", 0.0),
        ("turnkeep_last_uses_waiting", 1.0),
        ("turnkeep_refusals_waiting", 1.0),
        ("turnkeep_notes_given_up_total", 0.0),
        ("turnkeep_mutations_total", 1.0),
        ("turnkeep_mutations_waited_seconds_total", 0.0),
        ("turnkeep_nodes_fenced_total", 0.0),
        ("turnkeep_requests_in_flight", 0.0),
        ("turnkeep_polls_waiting", 0.0),
    ] {
        assert_eq!(after[name] - before[name], rise, "{name}");
    }
    assert_eq!(after["turnkeep_in_step"], 1.0);
    world.keep_books();
    let written = series(&world).await;
    assert_eq!((written["turnkeep_last_uses_waiting"], written["turnkeep_refusals_waiting"]), (0.0, 0.0));
}

#[actix_web::test]
async fn no_client_can_add_a_series() {
    let world = World::new().await;
    let before: Vec<String> = series(&world).await.into_keys().collect();
    for number in 0..50 {
        let client_id = format!("nobody{number}");
        world.ask_token(&TestApp { id: String::new(), client_id, secret: "x".to_owned() }, "").await;
        world.send(TestRequest::get().uri(&format!("/nowhere{number}"))).await;
    }
    let after: Vec<String> = series(&world).await.into_keys().collect();
    assert_eq!(before, after);
    assert!(after.iter().all(|name| !name.contains('{')), "{after:?}");
}

#[actix_web::test]
async fn polls_that_wait_are_counted() {
    let world = World::new().await;
    let feed = "/.well-known/kill-marks";
    let poll = TestRequest::get().uri(feed).insert_header(("If-None-Match", "*"));
    let watch = async {
        let waiting = series(&world).await["turnkeep_polls_waiting"];
        world.state.stop_waiting();
        waiting
    };
    let (_, waiting) = join(world.send(poll.insert_header(("Prefer", "wait=30"))), watch).await;
    assert_eq!((waiting, series(&world).await["turnkeep_polls_waiting"]), (1.0, 0.0));
}

#[actix_web::test]
async fn the_state_of_a_node_is_told_without_a_database() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    world.token(&app).await;
    world.store.set(Trouble::Panic);
    let answer = world.send(TestRequest::get().uri("/health/node-state")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    let status = world.authority.status();
    let applied = status.applied.as_number();
    assert_eq!(
        answer.json(),
        json!({
            "in_step": true,
            "applied": applied,
            "seconds_since_look": 0.0,
            "memory": {
                "apps": status.apps_in_memory,
                "absences": 0,
                "app_loads": status.app_loads,
            },
            "slow_hashes": status.slow_hashes,
            "backlog": {"secret_uses": status.backlog.secret_uses, "refusals": 0, "given_up": 0},
            "mutations": {"count": status.mutations, "seconds_waited": 0.0, "nodes_fenced": 0},
            "requests_in_flight": 0,
            "polls_waiting": 0,
        })
    );
    world.outlast_lease();
    let answer = world.send(TestRequest::get().uri("/health/node-state")).await.json();
    assert_eq!(answer["in_step"], false);
    assert!(2.9 < answer["seconds_since_look"].as_f64().unwrap(), "{answer}");
    assert_eq!(series(&world).await["turnkeep_in_step"], 0.0);
}

//! `Turnkeep-Applied`: what a change waited for, in the answer to the request that made it.

use std::time::Duration;

use serde_json::{Value, json};
use turnkeep_service::cluster::following::Following;

use crate::world::answer::Answer;
use crate::world::databases::{Database, on_both_databases};
use crate::world::requests::{basic, form};
use crate::world::troubled_store::Trouble;
use crate::world::{TestApp, World};

/// The header as numbers: sequence, nodes, fenced, waited.
#[track_caller]
fn applied(answer: &Answer) -> Option<[i64; 4]> {
    let text = answer.header("turnkeep-applied")?;
    let members: Vec<(&str, &str)> = text.split(", ").map(|member| member.split_once('=').unwrap()).collect();
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["sequence", "nodes", "fenced", "waited"], "{text}");
    let numbers: Vec<i64> = members.iter().map(|(_, number)| number.parse().unwrap()).collect();
    Some(numbers.try_into().unwrap())
}

async fn revoke(world: &World, app: &TestApp, token: &str) -> Answer {
    let request = form("/connect/revoke", &format!("token={token}"));
    world.send(request.insert_header(basic(&app.client_id, &app.secret))).await
}

#[actix_web::test]
async fn a_change_tells_its_place_in_the_order_and_what_is_no_change_tells_nothing() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}", app.id);
    let mut last = world.authority.status().applied.as_number();
    let disable = format!("{path}/disable");
    let wrong_name = json!({"name": ""});
    let changes: [(&str, &str, Option<Value>, u16, bool); 12] = [
        ("PATCH", &path, Some(json!({"name": "Renamed"})), 200, true),
        ("POST", &disable, None, 200, true),
        ("POST", &disable, None, 200, false),
        ("PATCH", &path, Some(json!({"name": "Renamed"})), 200, false),
        ("PATCH", &path, Some(wrong_name), 422, false),
        ("GET", &path, None, 200, false),
        ("GET", "/api/v1/apps", None, 200, false),
        ("POST", "/api/v1/tenants", Some(json!({"name": "More"})), 201, true),
        ("POST", "/api/v1/tenants", Some(json!({})), 422, false),
        ("POST", "/api/v1/apps/app_00000000000000000000000000/disable", None, 404, false),
        ("DELETE", &path, None, 204, true),
        ("DELETE", &path, None, 404, false),
    ];
    for (method, path, body, status, is_change) in changes {
        let answer = world.operate(method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        let told = applied(&answer);
        assert_eq!(told.is_some(), is_change, "{method} {path} {status}");
        if let Some([sequence, nodes, fenced, _]) = told {
            assert_eq!((sequence, nodes, fenced), (last + 1, 0, 0), "{method} {path}");
            last = sequence;
        }
        assert_eq!(world.authority.status().applied.as_number(), last, "{method} {path}");
    }
    let unauthenticated = world.call("x", "POST", "/api/v1/tenants", Some(json!({"name": "More"}))).await;
    assert_eq!((unauthenticated.status, applied(&unauthenticated)), (401, None));
}

#[actix_web::test]
async fn an_answer_that_is_repeated_made_no_change() {
    let world = World::new().await;
    let token = world.token(&world.operator).await;
    let body = Some(json!({"name": "Acme"}));
    for is_change in [true, false] {
        let key = Some(("Idempotency-Key", "once".to_owned()));
        let answer = world.call_with(&token, "POST", "/api/v1/tenants", body.clone(), key).await;
        assert_eq!((answer.status, applied(&answer).is_some()), (201, is_change));
    }
}

#[actix_web::test]
async fn a_revoked_token_is_a_change_once() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let token = world.token(&app).await;
    let before = world.authority.status().applied.as_number();
    assert_eq!(applied(&revoke(&world, &app, "nonsense").await), None);
    let [sequence, nodes, fenced, _] = applied(&revoke(&world, &app, &token).await).unwrap();
    assert_eq!((sequence, nodes, fenced), (before + 1, 0, 0));
    assert_eq!(applied(&revoke(&world, &app, &token).await), None);
    let wrong = TestApp { secret: "wrong".to_owned(), ..app };
    assert_eq!(applied(&revoke(&world, &wrong, &token).await), None);
    assert_eq!(applied(&world.introspect(&world.operator, &token).await), None);
}

/// The node has served from memory and does not look for changes any more.
async fn a_node_that_does_not_follow_is_waited_out_and_refuses_until_it_has_caught_up(world: World) {
    let app = world.lone_app("Acme").await;
    let node = world.node();
    let token = node.token(&app).await;
    node.store.set(Trouble::Unavailable);
    assert_eq!(node.ask_token(&app, "").await.status, 200, "until its lease ends");

    let answer = world.operate("POST", &format!("/api/v1/apps/{}/disable", app.id), None).await;
    let [_, nodes, fenced, waited] = applied(&answer).unwrap();
    assert_eq!((nodes, fenced), (1, 1));
    assert!((2_100..3_000).contains(&waited), "a lease and its margin: {waited}");
    assert_eq!(world.authority.status().nodes_fenced, 1);

    let refused = node.ask_token(&app, "").await;
    assert_eq!(refused.oauth_error(), (503, "temporarily_unavailable".to_owned()));
    let refused = node.introspect(&world.operator, &token).await;
    assert_eq!(refused.oauth_error(), (503, "temporarily_unavailable".to_owned()));

    let again = world.operate("POST", &format!("/api/v1/apps/{}/enable", app.id), None).await;
    let [_, nodes, fenced, _] = applied(&again).unwrap();
    assert_eq!((nodes, fenced), (0, 0), "who was left behind is not waited for again");

    node.store.set(Trouble::None);
    assert_eq!(node.introspect(&app, &token).await.text(), r#"{"active":false}"#, "it has caught up");
    assert_eq!(node.ask_token(&app, "").await.status, 200);
}

on_both_databases!(a_node_that_does_not_follow_is_waited_out_and_refuses_until_it_has_caught_up);

#[actix_web::test]
async fn a_node_that_left_is_not_waited_for() {
    let world = World::on(Database::Sqlite).await;
    let node = world.node();
    let following = Following::start(&node.authority, Duration::from_secs(3_600));
    assert_eq!(node.ask_token(&world.operator, "").await.status, 200);
    following.stop();
    let answer = world.operate("POST", "/api/v1/tenants", Some(json!({"name": "Acme"}))).await;
    let [_, nodes, fenced, _] = applied(&answer).unwrap();
    assert_eq!((nodes, fenced), (0, 0));
    let left = node.ask_token(&world.operator, "").await;
    assert_eq!(left.oauth_error(), (503, "temporarily_unavailable".to_owned()));
}

//! *Explain* over HTTP: every check in order, since when it is as it is, and what to do; for one's own apps only.

use serde_json::{Value, json};

use crate::world::World;
use crate::world::people::{member, text};

/// The checks of the one ordered decision.
const CHECKS: [&str; 11] = [
    "app_exists",
    "client_authenticated",
    "app_enabled",
    "tenant_active",
    "instance_active",
    "region_stamped",
    "db_code_stamped",
    "plan_not_retired",
    "plan_not_on_hold",
    "service_access",
    "scope_and_audience",
];

const START: &str = "2026-01-01T00:00:00Z";

fn check<'a>(explanation: &'a Value, name: &str) -> &'a Value {
    explanation["checks"].as_array().unwrap().iter().find(|check| check["check"] == name).unwrap()
}

/// The codes of the checks that stand against a token.
fn denials(explanation: &Value) -> Vec<&str> {
    let checks = explanation["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["state"] == "denied").map(|check| check["code"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn all_checks_are_told_in_order() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let explained = world.operated("GET", &format!("/api/v1/apps/{}/explain", app.id), None).await;
    let names: Vec<&str> = explained["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["check"].as_str().unwrap())
        .collect();
    assert_eq!(names, CHECKS);
    assert_eq!((&explained["token_possible"], &explained["live_secrets"]), (&json!(true), &json!(1)));
    assert_eq!(
        (&explained["for_people"]["token_possible"], &explained["for_people"]["code"]),
        (&json!(false), &json!("sign_in_off"))
    );
    assert_eq!(denials(&explained), Vec::<&str>::new());
    assert_eq!(check(&explained, "client_authenticated")["state"], "not_checked");
    assert_eq!(check(&explained, "app_enabled")["since"], START);
}

#[actix_web::test]
async fn what_stands_against_a_token_is_told_with_its_time_and_what_to_do() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let robot = json!({"kind": "system", "name": "robot", "display_name": "Robot"});
    let robot = text(&world.create("/api/v1/users", robot).await["id"]);
    let access = json!({"service_access": {"as": "user", "user_id": robot}});
    let app = world.app_with(&tenant, "App", access).await;
    let plan = text(&world.create("/api/v1/plans", json!({"code": "pro", "name": "Pro"})).await["id"]);
    world.operated("POST", &format!("/api/v1/plans/{plan}/activate"), None).await;
    let path = format!("/api/v1/apps/{}", app.id);
    world.operated("PUT", &format!("{path}/plan"), Some(json!({"plan_id": plan}))).await;
    let mut codes = Vec::new();
    for (hours, (step, name, code)) in [
        (format!("{path}/disable"), "app_enabled", "app_disabled"),
        (format!("/api/v1/tenants/{tenant}/suspend"), "tenant_active", "tenant_suspended"),
        (format!("/api/v1/plans/{plan}/retire"), "plan_not_retired", "plan_retired"),
        (format!("{path}/plan/hold"), "plan_not_on_hold", "plan_on_hold"),
        (format!("/api/v1/users/{robot}/disable"), "service_access", "system_user_disabled"),
    ]
    .into_iter()
    .enumerate()
    {
        world.advance(3_600);
        world.operated("POST", &step, None).await;
        let explained = world.operated("GET", &format!("{path}/explain"), None).await;
        let check = check(&explained, name);
        assert_eq!((&check["state"], &check["code"]), (&json!("denied"), &json!(code)));
        assert_eq!(check["since"], format!("2026-01-01T{:02}:00:00Z", hours + 1), "{name}");
        assert!(check["advice"].as_str().unwrap().ends_with('.'), "{check}");
        codes.push(code);
        assert_eq!((denials(&explained), &explained["token_possible"]), (codes.clone(), &json!(false)));
    }
    // To the client itself a disabled app is not told from an unknown one.
    assert_eq!(world.ask_token(&app, "").await.oauth_error(), (401, "invalid_client".to_owned()));
}

#[actix_web::test]
async fn every_member_reads_it_for_its_own_apps_and_a_stranger_finds_nothing() {
    let world = World::new().await;
    let (acme, other) = (world.tenant("", "Acme").await, world.tenant("", "Other").await);
    let app = world.app_with(&acme, "App", json!({})).await;
    let path = format!("/api/v1/apps/{}/explain", app.id);
    let as_operator = world.operated("GET", &path, None).await;
    for role in ["owner", "admin", "developer", "auditor"] {
        let (_, token) = member(&world, &acme, role, role).await;
        assert_eq!(world.call(&token, "GET", &path, None).await.json(), as_operator, "{role}");
        let (_, stranger) = member(&world, &other, &format!("strange-{role}"), role).await;
        let refused = world.call(&stranger, "GET", &path, None).await;
        assert_eq!(refused.problem(), (404, "not_found".to_owned()), "{role}");
    }
}

//! Apps that ask for more tokens than they may have (seed 000 §4).

use serde_json::{Value, json};

use crate::world::World;

async fn plan_with(world: &World, token_requests: Value) -> String {
    let body = json!({"code": "pro", "name": "Pro", "token_requests": token_requests});
    let plan = world.create("/api/v1/plans", body).await;
    let id = plan["id"].as_str().unwrap().to_owned();
    world.operated("POST", &format!("/api/v1/plans/{id}/activate"), None).await;
    id
}

#[actix_web::test]
async fn a_quota_that_is_used_up_is_429_and_names_itself_and_its_end() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let plan = plan_with(&world, json!({"hour": 2, "day": 3})).await;
    let path = format!("/api/v1/apps/{}/plan", app.id);
    world.operated("PUT", &path, Some(json!({"plan_id": plan}))).await;
    let token = world.token(&app).await;
    assert_eq!(world.ask_token(&app, "").await.status, 200);
    let refused = world.ask_token(&app, "").await;
    assert_eq!(refused.oauth_error(), (429, "temporarily_unavailable".to_owned()));
    assert!(refused.json()["error_description"].as_str().unwrap().contains("this hour"));
    assert_eq!(refused.header("ratelimit-policy"), Some(r#""token-hour";q=2;w=3600"#));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=3_600).contains(&wait), "{wait}");
    assert_eq!(refused.header("ratelimit"), Some(format!(r#""token-hour";r=0;t={wait}"#).as_str()));
    assert_eq!(world.introspect(&app, &token).await.json()["active"], true, "only tokens are limited");
    world.advance(wait);
    assert_eq!(world.ask_token(&app, "").await.status, 200);
    let refused = world.ask_token(&app, "").await;
    assert!(refused.json()["error_description"].as_str().unwrap().contains("this day"));
    assert_eq!(refused.header("ratelimit-policy"), Some(r#""token-day";q=3;w=86400"#));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!(3_600 < wait, "{wait}");
    world.advance(wait);
    assert_eq!(world.ask_token(&app, "").await.status, 200);
}

#[actix_web::test]
async fn a_quota_that_is_tried_out_refuses_nothing_and_the_report_says_what_it_would_have() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let plan = plan_with(&world, json!({"hour": 1, "mode": "dry_run"})).await;
    let path = format!("/api/v1/apps/{}/plan", app.id);
    world.operated("PUT", &path, Some(json!({"plan_id": plan}))).await;
    for _ in 0..3 {
        assert_eq!(world.ask_token(&app, "").await.status, 200);
    }
    world.keep_books();
    let report = world.operated("GET", "/api/v1/token-requests", None).await;
    let of_app =
        report["apps"].as_array().unwrap().iter().find(|one| one["app_id"] == json!(app.id)).unwrap();
    assert_eq!((&of_app["issued"], &of_app["would_refuse"]), (&json!(3), &json!(2)));
    assert_eq!(of_app["refused"], 0);
}

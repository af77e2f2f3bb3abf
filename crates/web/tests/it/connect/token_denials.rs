//! Apps that authenticate and get no token all the same (design §3).

use serde_json::json;

use crate::world::requests::form;
use crate::world::{TestApp, World};

async fn refusal(world: &World, app: &TestApp) -> (u16, String, String) {
    let answer = world.ask_token(app, "").await;
    let (status, code) = answer.oauth_error();
    (status, code, answer.json()["error_description"].as_str().unwrap_or_default().to_owned())
}

fn unauthorized(cause: &str) -> (u16, String, String) {
    (400, "unauthorized_client".to_owned(), cause.to_owned())
}

#[actix_web::test]
async fn a_retired_plan_is_named() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let plan = world.create("/api/v1/plans", json!({"code": "pro", "name": "Pro"})).await;
    let plan_path = format!("/api/v1/plans/{}", plan["id"].as_str().unwrap());
    world.operated("POST", &format!("{plan_path}/activate"), None).await;
    let assign = Some(json!({"plan_id": plan["id"]}));
    world.operated("PUT", &format!("/api/v1/apps/{}/plan", app.id), assign).await;
    assert_eq!(world.ask_token(&app, "").await.status, 200);
    world.operated("POST", &format!("/api/v1/apps/{}/plan/hold", app.id), None).await;
    assert_eq!(refusal(&world, &app).await, unauthorized("the app's plan is on hold"));
    world.operated("POST", &format!("/api/v1/apps/{}/plan/release", app.id), None).await;
    assert_eq!(world.ask_token(&app, "").await.status, 200);
    world.operated("POST", &format!("{plan_path}/retire"), None).await;
    assert_eq!(refusal(&world, &app).await, unauthorized("the app's plan is retired"));
}

#[actix_web::test]
async fn an_app_without_service_access_is_told_so() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let app = world.app_with(&tenant_id, "Acme", json!({"service_access": {"as": "none"}})).await;
    assert_eq!(refusal(&world, &app).await, unauthorized("the app has no service access"));
}

#[actix_web::test]
async fn a_disabled_system_user_is_named() {
    let world = World::new().await;
    let user = json!({"kind": "system", "name": "robot", "display_name": "Robot"});
    let user = world.create("/api/v1/users", user).await;
    let tenant_id = world.tenant("", "Acme").await;
    let access = json!({"service_access": {"as": "user", "user_id": user["id"]}});
    let app = world.app_with(&tenant_id, "Acme", access).await;
    assert_eq!(world.ask_token(&app, "").await.status, 200);
    let path = format!("/api/v1/users/{}/disable", user["id"].as_str().unwrap());
    world.operated("POST", &path, None).await;
    assert_eq!(refusal(&world, &app).await, unauthorized("the app's system user is disabled"));
}

#[actix_web::test]
async fn a_disabled_or_unknown_instance_is_404_whoever_asks() {
    let world = World::new().await;
    let instance = world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    world.furnish("/i/acme").await;
    let tenant_id = world.tenant("/i/acme", "Tenant").await;
    let app = world.app_at("/i/acme", &tenant_id, "App", json!({})).await;
    let answer = world.ask_token_at("/i/acme", &app, "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let path = format!("/api/v1/instances/{}/disable", instance["id"].as_str().unwrap());
    world.operated("POST", &path, None).await;
    for issuer in ["/i/acme", "/i/unknown"] {
        let answer = world.ask_token_at(issuer, &app, "").await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{issuer}");
        let nobody = world
            .send(form(
                &format!("{issuer}/connect/token"),
                "grant_type=client_credentials&client_id=a&client_secret=b",
            ))
            .await;
        assert_eq!(nobody.problem(), (404, "not_found".to_owned()), "{issuer}");
    }
}

//! Reference tokens on the wire: shown once, listed without themselves, taken back; and what introspection says of them.

use serde_json::{Value, json};

use crate::world::people::{member, text};
use crate::world::{BASE_URL, TestApp, World};

const INACTIVE: &str = r#"{"active":false}"#;

async fn open_app(world: &World, policy: &str) -> (String, TestApp) {
    let tenant_id = world.tenant("", "Acme").await;
    let settings = json!({
        "scopes": "read write", "reference_tokens": policy, "sign_in": {"internal": true, "community": false},
        "login_redirect_uris": ["https://app.example.com/callback"],
    });
    let app = world.app_with(&tenant_id, "Acme", settings).await;
    (tenant_id, app)
}

fn body(kind: &str) -> Value {
    json!({"kind": kind, "name": "laptop", "scopes": "read", "lifetime_days": 7})
}

#[actix_web::test]
async fn a_token_is_shown_once_and_listed_without_itself() {
    let world = World::new().await;
    let (tenant_id, app) = open_app(&world, "authenticated_users").await;
    let (ann, token) = member(&world, &tenant_id, "ann", "developer").await;
    let path = format!("/api/v1/apps/{}/reference-tokens", app.id);
    let made = world.call(&token, "POST", &path, Some(body("personal"))).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let made = made.json();
    let pat = text(&made["token"]);
    assert!(pat.starts_with("tkpat_") && pat.ends_with(made["hint"].as_str().unwrap()));
    assert_eq!((&made["user_id"], &made["made_by"]), (&json!(ann), &json!(ann)));
    assert_eq!((&made["audience"], &made["state"]), (&json!("TrueParser.API"), &json!("live")));
    let list = world.call(&token, "GET", &format!("{path}?state=live"), None).await;
    assert!(!list.text().contains(&pat));
    assert_eq!(list.json()["items"][0]["id"], made["id"]);
    let seen = world.introspect(&app, &pat).await.json();
    assert_eq!((&seen["active"], &seen["iss"], &seen["sub"]), (&json!(true), &json!(BASE_URL), &json!(ann)));
    assert_eq!((&seen["jti"], &seen["scope"]), (&made["id"], &json!("read")));
    assert_eq!((&seen["token_type"], &seen["app_id"]), (&json!("Bearer"), &json!(app.id)));
    assert_eq!(seen["exp"].as_i64().unwrap() - seen["iat"].as_i64().unwrap(), 7 * 86_400);
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    assert_eq!(world.call(&token, "DELETE", &one, None).await.status, 204);
    assert_eq!(world.introspect(&app, &pat).await.text(), INACTIVE);
    assert_eq!(
        world.call(&token, "GET", &format!("{path}?state=revoked"), None).await.json()["items"][0]["id"],
        made["id"]
    );
}

#[actix_web::test]
async fn a_repeated_request_is_answered_without_the_token() {
    let world = World::new().await;
    let (_, app) = open_app(&world, "administrators_only").await;
    let path = format!("/api/v1/apps/{}/reference-tokens", app.id);
    let operator = world.token(&world.operator).await;
    let header = || Some(("Idempotency-Key", "\"make-1\"".to_owned()));
    let first = world.call_with(&operator, "POST", &path, Some(body("service")), header()).await;
    let again = world.call_with(&operator, "POST", &path, Some(body("service")), header()).await;
    assert_eq!((first.status, again.status), (201, 201), "{}", again.text());
    assert_eq!(first.json()["id"], again.json()["id"]);
    assert_eq!((&again.json()["token"], &again.json()["token_withheld"]), (&Value::Null, &json!(true)));
}

#[actix_web::test]
async fn what_is_refused_says_why() {
    let world = World::new().await;
    let (tenant_id, app) = open_app(&world, "none").await;
    let (_, ann) = member(&world, &tenant_id, "ann", "developer").await;
    let operator = world.token(&world.operator).await;
    let path = format!("/api/v1/apps/{}/reference-tokens", app.id);
    let told = async |token: &str, body: Value| world.call(token, "POST", &path, Some(body)).await.problem();
    let is = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(told(&ann, body("personal")).await, is(409, "reference_tokens_off"));
    assert_eq!(told(&ann, body("service")).await, is(403, "forbidden"));
    assert_eq!(told(&operator, body("personal")).await, is(403, "person_needed"));
    let policy = |policy: &str| Some(json!({"reference_tokens": policy}));
    let app_path = format!("/api/v1/apps/{}", app.id);
    world.operated("PATCH", &app_path, policy("administrators_only")).await;
    assert_eq!(told(&ann, body("personal")).await, is(403, "administrators_only"));
    world.operated("PATCH", &app_path, policy("authenticated_users")).await;
    for (member, value, status, code) in [
        ("scopes", json!("sec"), 422, "scope_not_allowed"),
        ("audience", json!("nowhere"), 422, "audience_not_allowed"),
        ("lifetime_days", json!(0), 422, "invalid_fields"),
        ("lifetime_days", json!(367), 422, "invalid_fields"),
        ("name", json!(""), 422, "invalid_fields"),
    ] {
        let mut wrong = body("personal");
        wrong[member] = value;
        let answer = world.call(&ann, "POST", &path, Some(wrong)).await;
        assert_eq!(answer.problem(), is(status, code), "{member}");
        assert_eq!(answer.blamed_fields(), [member]);
    }
    world.operated("POST", &format!("{app_path}/disable"), None).await;
    assert_eq!(told(&operator, body("service")).await, is(409, "app_not_usable"));
}

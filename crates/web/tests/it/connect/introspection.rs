//! The introspection endpoint (RFC 7662).

use serde_json::json;

use crate::world::requests::{basic, bearer, form};
use crate::world::{BASE_URL, World};

const INACTIVE: &str = r#"{"active":false}"#;

#[actix_web::test]
async fn an_app_sees_its_own_token() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let token = world.token(&app).await;
    let answer = world.introspect(&app, &token).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    let body = answer.json();
    assert_eq!(body["active"], true);
    assert_eq!(body["iss"], BASE_URL);
    assert_eq!((&body["client_id"], &body["sub"]), (&json!(app.client_id), &json!(app.client_id)));
    assert_eq!((&body["aud"], &body["scope"]), (&json!("TrueParser.API"), &json!("read write")));
    assert_eq!(body["exp"].as_i64().unwrap() - body["iat"].as_i64().unwrap(), 900);
    assert!(body["jti"].as_str().unwrap().starts_with("tok_"));
}

#[actix_web::test]
async fn everything_else_is_just_inactive() {
    let world = World::new().await;
    let (app, stranger) = (world.lone_app("Acme").await, world.lone_app("Stranger").await);
    let token = world.token(&app).await;
    let tampered = format!("{}A", token.trim_end_matches(char::is_alphanumeric));
    for (text, asker) in [
        (token.as_str(), &stranger),
        ("nonsense", &app),
        ("a.b.c", &app),
        (tampered.as_str(), &app),
        ("eyJhbGciOiJub25lIn0.e30.", &app),
    ] {
        let answer = world.introspect(asker, text).await;
        assert_eq!((answer.status, answer.text()), (200, INACTIVE), "{text}");
    }
    world.advance(901 + 60);
    assert_eq!(world.introspect(&app, &token).await.text(), INACTIVE);
}

#[actix_web::test]
async fn a_resource_server_sees_the_tokens_for_its_resource() {
    let world = World::new().await;
    let (app, api) = (world.lone_app("Acme").await, world.lone_app("Api").await);
    let token = world.token(&app).await;
    let resources = world.operated("GET", "/api/v1/resources", None).await;
    let resource = resources["items"].as_array().unwrap().iter();
    let id = resource.clone().find(|item| item["audience"] == "TrueParser.API").unwrap()["id"].clone();
    let path = format!("/api/v1/resources/{}/servers/{}", id.as_str().unwrap(), api.id);
    assert_eq!(world.introspect(&api, &token).await.text(), INACTIVE);
    world.operated("PUT", &path, None).await;
    assert_eq!(world.introspect(&api, &token).await.json()["active"], true);
    assert_eq!(world.operate("DELETE", &path, None).await.status, 204);
    assert_eq!(world.introspect(&api, &token).await.text(), INACTIVE);
}

#[actix_web::test]
async fn the_kill_switch_shows_at_once() {
    let world = World::new().await;
    let (app, api) = (world.lone_app("Acme").await, world.token(&world.operator).await);
    let token = world.token(&app).await;
    let ask = || form("/connect/introspect", &format!("token={token}")).insert_header(bearer(&api));
    assert_eq!(world.send(ask()).await.json()["active"], true);
    world.operated("POST", &format!("/api/v1/apps/{}/disable", app.id), None).await;
    assert_eq!(world.send(ask()).await.text(), INACTIVE);
    world.operated("POST", &format!("/api/v1/apps/{}/enable", app.id), None).await;
    assert_eq!(world.send(ask()).await.text(), INACTIVE, "what died stays dead");
}

#[actix_web::test]
async fn bearers_need_an_operators_token() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let app = world.app_with(&tenant_id, "Acme", json!({"scopes": "turnkeep.manage"})).await;
    let token = world.token(&app).await;
    let ask = |bearer_token: &str| form("/connect/introspect", "token=x").insert_header(bearer(bearer_token));
    let weak = world.send(ask(&token)).await;
    assert_eq!(weak.oauth_error(), (403, "insufficient_scope".to_owned()));
    assert!(weak.header("www-authenticate").unwrap().contains(r#"error="insufficient_scope""#));
    for bad in ["nonsense", "a b"] {
        let answer = world.send(ask(bad)).await;
        assert_eq!(answer.oauth_error(), (401, "invalid_token".to_owned()), "{bad}");
        assert_eq!(
            answer.header("www-authenticate"),
            Some(r#"Bearer realm="turnkeep", error="invalid_token""#)
        );
    }
    let both =
        form("/connect/introspect", "token=x&client_id=a&client_secret=b").insert_header(bearer(&token));
    assert_eq!(world.send(both).await.oauth_error(), (400, "invalid_request".to_owned()));
}

#[actix_web::test]
async fn a_token_of_another_instance_is_inactive() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    world.furnish("/i/acme").await;
    let tenant_id = world.tenant("/i/acme", "Tenant").await;
    let there = world.app_at("/i/acme", &tenant_id, "App", json!({"client_id": "com.vendor/app"})).await;
    let own_tenant = world.tenant("", "Tenant").await;
    let here = world.app_with(&own_tenant, "App", json!({"client_id": "com.vendor/app"})).await;
    let answer = world.ask_token_at("/i/acme", &there, "").await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(world.introspect(&here, &token).await.text(), INACTIVE);
    let request = form("/i/acme/connect/introspect", &format!("token={token}"));
    let answer = world.send(request.insert_header(basic(&there.client_id, &there.secret))).await;
    assert_eq!(answer.json()["active"], true);
    assert_eq!(answer.json()["iss"], format!("{BASE_URL}/i/acme"));
}

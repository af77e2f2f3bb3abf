//! Bodies that are refused (attack 54).

use actix_web::test::TestRequest;
use serde_json::json;

use crate::world::World;
use crate::world::answer::Answer;
use crate::world::requests::bearer;

async fn post(world: &World, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
    let request = TestRequest::post()
        .uri("/api/v1/tenants")
        .insert_header(bearer(&world.token(&world.operator).await))
        .insert_header(("Content-Type", content_type))
        .set_payload(body.into());
    world.send(request).await
}

#[actix_web::test]
async fn only_json_is_read() {
    let world = World::bare();
    let body = r#"{"name":"Acme"}"#;
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        let answer = post(&world, content_type, body).await;
        assert_eq!(answer.problem(), (415, "unsupported_media_type".to_owned()), "{content_type}");
    }
    assert_eq!(post(&world, "application/json; charset=utf-8", body).await.status, 201);
}

#[actix_web::test]
async fn large_deep_and_malformed_bodies_are_refused() {
    let world = World::bare();
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(256 * 1024));
    assert_eq!(post(&world, "application/json", large).await.problem(), (413, "body_too_large".to_owned()));
    let deep = "[".repeat(100_000);
    for body in [&b"{"[..], b"", b"nonsense", b"{\"name\":\"\xff\"}", deep.as_bytes()] {
        let status = post(&world, "application/json", body).await.problem().0;
        assert!(status == 400 || status == 422, "{status}");
    }
    let deep_member = format!(r#"{{"name":{}"#, "{\"a\":".repeat(50_000));
    let status = post(&world, "application/json", deep_member).await.problem().0;
    assert!(status == 400 || status == 422, "{status}");
}

#[actix_web::test]
async fn every_bad_field_is_reported_at_once() {
    let world = World::new().await;
    let body = json!({
        "tenant_id": "nonsense", "name": " ", "region": "No Region", "client_id": "tk_mine",
        "allowed_domains": ["*.x.com", null, "ok.example"], "login_redirect_uris": ["https://ok.example/cb", "javascript:x"],
        "logout_redirect_uris": ["https://a.example#b"], "service_access": {"as": "user"},
        "scopes": "a\"b", "token_lifetime_seconds": 5, "plan_id": "x"
    });
    let answer = world.operate("POST", "/api/v1/apps", Some(body)).await;
    assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()));
    let mut blamed = answer.blamed_fields();
    blamed.sort();
    assert_eq!(
        blamed,
        [
            "allowed_domains.0",
            "client_id",
            "login_redirect_uris.1",
            "logout_redirect_uris.0",
            "name",
            "plan_id",
            "region",
            "scopes",
            "service_access.user_id",
            "tenant_id",
            "token_lifetime_seconds",
        ]
    );
    assert!(!answer.text().contains("javascript"), "what was sent is not echoed");
}

#[actix_web::test]
async fn null_is_no_name() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}", app.id);
    let answer = world.operate("PATCH", &path, Some(json!({"name": null}))).await;
    assert_eq!((answer.problem().0, answer.blamed_fields()), (422, vec!["name".to_owned()]));
}

//! Entity tags and `If-Match` (RFC 9110 §13.1.1).

use actix_web::test::TestRequest;
use serde_json::json;

use crate::world::World;
use crate::world::answer::Answer;
use crate::world::requests::{bearer, request};

async fn with_if_match(world: &World, request: TestRequest, tag: &str) -> Answer {
    let token = world.token(&world.operator).await;
    world.send(request.insert_header(bearer(&token)).insert_header(("If-Match", tag))).await
}

#[actix_web::test]
async fn a_change_to_a_version_that_is_gone_is_refused() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}", app.id);
    assert_eq!(world.operate("GET", &path, None).await.header("etag"), Some("\"1\""));
    let patch = |name: &str| {
        request("PATCH", &path)
            .insert_header(("Content-Type", "application/merge-patch+json"))
            .set_payload(json!({"name": name}).to_string())
    };
    let first = with_if_match(&world, patch("First"), "\"1\"").await;
    assert_eq!((first.status, first.header("etag")), (200, Some("\"2\"")));
    for stale in ["\"1\"", "\"3\"", "W/\"2\"", "2", "\"\"", "\"x\"", "\"1\", \"2\""] {
        let answer = with_if_match(&world, patch("Second"), stale).await;
        assert_eq!(answer.problem(), (412, "stale_version".to_owned()), "{stale}");
        let switch = with_if_match(&world, request("POST", &format!("{path}/disable")), stale).await;
        assert_eq!(switch.problem(), (412, "stale_version".to_owned()), "{stale}");
        let delete = with_if_match(&world, request("DELETE", &path), stale).await;
        assert_eq!(delete.problem(), (412, "stale_version".to_owned()), "{stale}");
    }
    assert_eq!(with_if_match(&world, patch("Any"), "*").await.status, 200);
    let switched = with_if_match(&world, request("POST", &format!("{path}/disable")), "\"3\"").await;
    assert_eq!((switched.status, switched.header("etag")), (200, Some("\"4\"")));
}

#[actix_web::test]
async fn every_single_record_has_its_version_as_its_tag() {
    let world = World::new().await;
    world.create("/api/v1/plans", json!({"code": "pro", "name": "Pro"})).await;
    let user = json!({"kind": "internal", "name": "ann", "display_name": "Ann"});
    world.create("/api/v1/users", user).await;
    for record in ["instances", "tenants", "regions", "plans", "resources", "users", "apps"] {
        let list = world.operated("GET", &format!("/api/v1/{record}"), None).await;
        let id = list["items"][0]["id"].as_str().unwrap().to_owned();
        let answer = world.operate("GET", &format!("/api/v1/{record}/{id}"), None).await;
        let version = answer.json()["version"].as_i64().unwrap();
        assert_eq!(answer.header("etag"), Some(format!("\"{version}\"").as_str()), "{record}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

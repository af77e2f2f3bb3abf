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

#[actix_web::test]
async fn the_secrets_of_an_app_are_changed_at_a_version_of_the_app() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let path = format!("/api/v1/apps/{}", app.id);
    let secrets = format!("{path}/secrets");
    let id = world.operated("GET", &secrets, None).await["items"][0]["id"].as_str().unwrap().to_owned();
    let add = || {
        request("POST", &secrets)
            .insert_header(("Content-Type", "application/json"))
            .set_payload(json!({"overlap_seconds": 60}).to_string())
    };
    let regenerate = || request("POST", &format!("{secrets}/regenerate"));
    let revoke_others = || request("POST", &format!("{secrets}/{id}/revoke-others"));
    let revoke = || request("DELETE", &format!("{secrets}/{id}"));
    for change in [add(), regenerate(), revoke_others(), revoke()] {
        let stale = with_if_match(&world, change, "\"7\"").await;
        assert_eq!(stale.problem(), (412, "stale_version".to_owned()));
    }
    let listed = world.operated("GET", &secrets, None).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "nothing was changed");
    for (change, status) in [(add(), 201), (revoke_others(), 200), (regenerate(), 201), (revoke(), 204)] {
        let version = world.operate("GET", &path, None).await.header("etag").unwrap().to_owned();
        let changed = with_if_match(&world, change, &version).await;
        assert_eq!(changed.status, status, "{}", changed.text());
        // The last one was revoked by the one before, so it changes nothing.
        if status != 204 {
            let late = with_if_match(&world, regenerate(), &version).await;
            assert_eq!(late.problem(), (412, "stale_version".to_owned()), "{status}");
        }
    }
}

#[actix_web::test]
async fn a_version_of_what_has_none_is_refused_by_name() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let resources = world.operated("GET", "/api/v1/resources?search=TrueParser", None).await;
    let resource = format!("/api/v1/resources/{}", resources["items"][0]["id"].as_str().unwrap());
    let user = json!({"kind": "internal", "name": "ann", "display_name": "Ann"});
    let ann = world.create("/api/v1/users", user).await["id"].as_str().unwrap().to_owned();
    let scope = r#"{"name": "new"}"#;
    for (method, path, body) in [
        ("POST", format!("{resource}/scopes"), scope),
        ("DELETE", format!("{resource}/scopes/new"), ""),
        ("PUT", format!("{resource}/servers/{}", app.id), ""),
        ("DELETE", format!("{resource}/servers/{}", app.id), ""),
        ("PUT", format!("/api/v1/operators/{ann}"), ""),
        ("DELETE", format!("/api/v1/operators/{ann}"), ""),
        ("POST", format!("/api/v1/users/{ann}/tokens"), "{}"),
        ("POST", "/api/v1/tenants".to_owned(), r#"{"name": "New"}"#),
    ] {
        let change = || {
            let change = request(method, &path);
            if body.is_empty() {
                return change;
            }
            change.insert_header(("Content-Type", "application/json")).set_payload(body)
        };
        let refused = with_if_match(&world, change(), "\"1\"").await;
        assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()), "{method} {path}");
        assert_eq!(refused.blamed_fields(), ["If-Match"], "{method} {path}");
        let done = with_if_match(&world, change(), "*").await;
        assert!(done.status < 300, "{method} {path}: {}", done.text());
    }
}

#[actix_web::test]
async fn no_version_of_something_removed_comes_back_with_what_takes_its_place() {
    let world = World::new().await;
    let tenant = world.tenant("", "Acme").await;
    let app = world.app_with(&tenant, "App", json!({})).await;
    let ann = json!({"kind": "internal", "name": "ann", "display_name": "Ann"});
    let ann = world.create("/api/v1/users", ann).await["id"].as_str().unwrap().to_owned();
    let storage = json!({"provider": "minio", "bucket": "documents", "access_key": "AKIA", "region": "eu",
        "secret_key": "key-of-the-storage", "endpoint": "https://storage.example.com"});
    for (path, one, other) in [
        (format!("/api/v1/apps/{}/storage", app.id), storage.clone(), {
            let mut other = storage.clone();
            other["bucket"] = json!("others");
            other
        }),
        (
            format!("/api/v1/tenants/{tenant}/members/{ann}"),
            json!({"role": "auditor"}),
            json!({"role": "developer"}),
        ),
    ] {
        let mut seen = Vec::new();
        for _ in 0..3 {
            for body in [&one, &other] {
                let put = world.operate("PUT", &path, Some(body.clone())).await;
                assert!([200, 201].contains(&put.status), "{}", put.text());
                let tag = put.header("etag").unwrap().to_owned();
                assert_eq!(tag, format!("\"{}\"", put.json()["version"]), "{path}");
                assert!(!seen.contains(&tag), "{path}: {tag} after {seen:?}");
                seen.push(tag);
            }
            for stale in &seen[..seen.len() - 1] {
                let kept = with_if_match(&world, request("DELETE", &path), stale).await;
                assert_eq!(kept.problem(), (412, "stale_version".to_owned()), "{path} {stale}");
            }
            assert_eq!(world.operate("DELETE", &path, None).await.status, 204);
        }
    }
}

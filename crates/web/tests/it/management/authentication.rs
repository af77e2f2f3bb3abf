//! Who may use the API (RFC 6750, attacks 64 to 66 and 68).

use actix_web::test::TestRequest;
use serde_json::json;

use crate::world::World;
use crate::world::answer::Answer;
use crate::world::requests::{basic, bearer};

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str, challenge: &str) {
    assert_eq!(answer.problem(), (status, code.to_owned()), "{}", answer.text());
    assert_eq!(answer.header("www-authenticate"), Some(challenge));
}

const NO_TOKEN: &str = r#"Bearer realm="turnkeep""#;
const BAD_TOKEN: &str = r#"Bearer realm="turnkeep", error="invalid_token""#;

/// The challenge to a good token that does not reach so far.
fn weak_token(scope: &str) -> String {
    format!(r#"Bearer realm="turnkeep", error="insufficient_scope", scope="{scope}""#)
}

#[actix_web::test]
async fn without_a_token_nothing_is_said_about_errors() {
    let world = World::bare();
    let get = || TestRequest::get().uri("/api/v1/apps");
    assert_refused(&world.send(get()).await, 401, "unauthenticated", NO_TOKEN);
    let operator = &world.operator;
    let with_basic = get().insert_header(basic(&operator.client_id, &operator.secret));
    assert_refused(&world.send(with_basic).await, 401, "unauthenticated", NO_TOKEN);
    let cookie = get().insert_header(("Cookie", "session=x"));
    assert_refused(&world.send(cookie).await, 401, "unauthenticated", NO_TOKEN);
}

#[actix_web::test]
async fn tokens_of_no_use_here_are_named_so() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let for_another_audience = world.token(&app).await;
    let expired = world.token(&world.operator).await;
    world.advance(900 + 61);
    for token in ["nonsense", "a b", "a.b.c", &for_another_audience, &expired] {
        let answer = world.call(token, "GET", "/api/v1/apps", None).await;
        assert_refused(&answer, 401, "invalid_token", BAD_TOKEN);
    }
}

#[actix_web::test]
async fn a_token_in_the_url_is_refused() {
    let world = World::bare();
    let token = world.token(&world.operator).await;
    let path = format!("/api/v1/tenants?access_token={token}");
    assert_eq!(
        world.send(TestRequest::get().uri(&path)).await.problem(),
        (400, "malformed_request".to_owned())
    );
    let both = TestRequest::get().uri(&path).insert_header(bearer(&token));
    assert_eq!(world.send(both).await.problem(), (400, "malformed_request".to_owned()));
    let twice = TestRequest::get().uri("/api/v1/tenants");
    let twice = twice.append_header(bearer(&token)).append_header(bearer(&token));
    assert_eq!(world.send(twice).await.problem(), (400, "malformed_request".to_owned()));
}

#[actix_web::test]
async fn authentication_comes_before_the_body_is_looked_at() {
    let world = World::bare();
    for body in ["", "{", r#"{"secret_hash":"x"}"#] {
        let request = TestRequest::post().uri("/api/v1/apps").set_payload(body);
        assert_refused(&world.send(request).await, 401, "unauthenticated", NO_TOKEN);
    }
}

#[actix_web::test]
async fn what_a_caller_may_do_follows_from_its_scopes() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let reader = world.app_with(&tenant_id, "Reader", json!({"scopes": "turnkeep.read"})).await;
    let manager = world.app_with(&tenant_id, "Manager", json!({"scopes": "turnkeep.manage"})).await;
    let (reader, manager) = (world.token(&reader).await, world.token(&manager).await);
    let new_app = json!({"name": "New", "region": "eu-west"});
    assert_eq!(world.call(&reader, "GET", "/api/v1/apps", None).await.status, 200);
    let denied = world.call(&reader, "POST", "/api/v1/apps", Some(new_app.clone())).await;
    assert_refused(&denied, 403, "forbidden", &weak_token("turnkeep.manage"));
    assert_eq!(denied.json()["detail"], "this needs the permission apps.manage");
    let made = world.call(&manager, "POST", "/api/v1/apps", Some(new_app)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let app = format!("/api/v1/apps/{}", made.json()["id"].as_str().unwrap());
    for (token, method, path, body) in [
        (&reader, "PATCH", app.clone(), Some(json!({"name": "Other"}))),
        (&reader, "DELETE", app.clone(), None),
        (&reader, "POST", format!("{app}/disable"), None),
        (&reader, "POST", format!("{app}/secrets/regenerate"), None),
        (&manager, "PUT", format!("{app}/plan"), Some(json!({"plan_id": "pln_00000000000000000000000000"}))),
        (&manager, "POST", format!("{app}/plan/release"), None),
        (&manager, "POST", "/api/v1/tenants".to_owned(), Some(json!({"name": "Mine"}))),
        (&manager, "PATCH", format!("/api/v1/tenants/{tenant_id}"), Some(json!({"app_limit": 1000}))),
        (&manager, "POST", format!("/api/v1/tenants/{tenant_id}/suspend"), None),
        (&manager, "POST", "/api/v1/plans".to_owned(), Some(json!({"code": "x", "name": "X"}))),
        (&manager, "POST", "/api/v1/regions".to_owned(), Some(json!({"code": "x", "name": "X"}))),
        (&manager, "POST", "/api/v1/resources".to_owned(), Some(json!({"audience": "x", "name": "X"}))),
        (&manager, "GET", "/api/v1/users".to_owned(), None),
        (&manager, "GET", "/api/v1/instances".to_owned(), None),
        (&manager, "POST", "/api/v1/instances".to_owned(), Some(json!({"slug": "x", "name": "X"}))),
    ] {
        let answer = world.call(token, method, &path, body).await;
        assert_eq!(answer.problem(), (403, "forbidden".to_owned()), "{method} {path}");
        let scope = if token == &reader { "turnkeep.manage" } else { "turnkeep.operate" };
        assert_eq!(answer.header("www-authenticate"), Some(weak_token(scope).as_str()), "{method} {path}");
    }
}

#[actix_web::test]
async fn a_disabled_callers_token_is_dead_at_once() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let app = world.app_with(&tenant_id, "Manager", json!({"scopes": "turnkeep.manage"})).await;
    let token = world.token(&app).await;
    assert_eq!(world.call(&token, "GET", "/api/v1/apps", None).await.status, 200);
    world.operated("POST", &format!("/api/v1/apps/{}/disable", app.id), None).await;
    assert_refused(&world.call(&token, "GET", "/api/v1/apps", None).await, 401, "invalid_token", BAD_TOKEN);
}

#[actix_web::test]
async fn the_platforms_operator_reaches_every_instance_and_no_other_token_does() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    world.furnish("/i/acme").await;
    let tenant_id = world.tenant("/i/acme", "Tenant").await;
    let there = world.app_at("/i/acme", &tenant_id, "App", json!({"scopes": "turnkeep.manage"})).await;
    let answer = world.ask_token_at("/i/acme", &there, "").await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(world.call(&token, "GET", "/i/acme/api/v1/apps", None).await.status, 200);
    assert_refused(&world.call(&token, "GET", "/api/v1/apps", None).await, 401, "invalid_token", BAD_TOKEN);
    let own_tenant = world.tenant("", "Tenant").await;
    let here = world.app_with(&own_tenant, "App", json!({"scopes": "turnkeep.manage"})).await;
    let token = world.token(&here).await;
    let answer = world.call(&token, "GET", "/i/acme/api/v1/apps", None).await;
    assert_refused(&answer, 401, "invalid_token", BAD_TOKEN);
    let unknown = world.call(&token, "GET", "/i/unknown/api/v1/apps", None).await;
    assert_eq!(unknown.problem(), (404, "not_found".to_owned()));
}

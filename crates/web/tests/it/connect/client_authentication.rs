//! How clients authenticate, and how that fails (RFC 6749 §2.3, §5.2).

use serde_json::json;

use crate::world::answer::Answer;
use crate::world::requests::{basic, form};
use crate::world::{TestApp, World};

const CHALLENGE: &str = r#"Basic realm="turnkeep", charset="UTF-8""#;
const ENDPOINTS: [&str; 3] = ["/connect/token", "/connect/introspect", "/connect/revoke"];
const BODY: &str = "grant_type=client_credentials&token=x";

#[track_caller]
fn assert_unauthenticated(answer: &Answer, challenge: Option<&str>) {
    assert_eq!(answer.oauth_error(), (401, "invalid_client".to_owned()));
    assert_eq!(answer.header("www-authenticate"), challenge);
}

#[actix_web::test]
async fn without_credentials_there_is_no_challenge() {
    let world = World::bare();
    for endpoint in ENDPOINTS {
        assert_unauthenticated(&world.send(form(endpoint, BODY)).await, None);
    }
}

#[actix_web::test]
async fn malformed_and_foreign_authorization_headers_are_challenged() {
    let world = World::bare();
    for value in ["Basic", "Basic !", "Basic bm9jb2xvbg==", "Basic aTolenp6", "Digest x", "", "\u{e9}"] {
        let request = form("/connect/token", BODY).insert_header(("Authorization", value));
        assert_unauthenticated(&world.send(request).await, Some(CHALLENGE));
    }
    let request = form("/connect/token", BODY).insert_header(("Authorization", "Bearer abc"));
    assert_unauthenticated(&world.send(request).await, Some(CHALLENGE));
}

#[actix_web::test]
async fn two_methods_at_once_are_refused() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    for endpoint in ENDPOINTS {
        let body = format!("{BODY}&client_id={}&client_secret={}", app.client_id, app.secret);
        let request = form(endpoint, &body).insert_header(basic(&app.client_id, &app.secret));
        assert_eq!(world.send(request).await.oauth_error(), (400, "invalid_request".to_owned()));
        let twice = form(endpoint, BODY)
            .append_header(basic(&app.client_id, &app.secret))
            .append_header(basic(&app.client_id, &app.secret));
        assert_eq!(world.send(twice).await.oauth_error(), (400, "invalid_request".to_owned()));
        let body = format!("{BODY}&client_assertion=x");
        let assertion = form(endpoint, &body).insert_header(basic(&app.client_id, &app.secret));
        assert_eq!(world.send(assertion).await.oauth_error(), (400, "invalid_request".to_owned()));
        assert_eq!(world.send(form(endpoint, &body)).await.oauth_error(), (401, "invalid_client".to_owned()));
    }
}

#[actix_web::test]
async fn a_client_id_beside_basic_has_to_be_the_same() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    assert_eq!(world.ask_token(&app, &format!("&client_id={}", app.client_id)).await.status, 200);
    let other = world.ask_token(&app, "&client_id=other").await;
    assert_eq!(other.oauth_error(), (400, "invalid_request".to_owned()));
}

#[actix_web::test]
async fn a_secret_without_a_client_id_is_malformed() {
    let world = World::bare();
    let answer = world.send(form("/connect/token", &format!("{BODY}&client_secret=x"))).await;
    assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()));
}

#[actix_web::test]
async fn every_failure_to_authenticate_has_one_answer() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let public = {
        let tenant_id = world.tenant("", "Public").await;
        world.app_with(&tenant_id, "Public", json!({"client_type": "public"})).await
    };
    let disabled = world.lone_app("Disabled").await;
    world.operated("POST", &format!("/api/v1/apps/{}/disable", disabled.id), None).await;
    let suspended_tenant = world.tenant("", "Suspended").await;
    let suspended = world.app_with(&suspended_tenant, "Suspended", json!({})).await;
    world.operated("POST", &format!("/api/v1/tenants/{suspended_tenant}/suspend"), None).await;
    let as_app = |client_id: &str, secret: &str| TestApp {
        id: String::new(),
        client_id: client_id.to_owned(),
        secret: secret.to_owned(),
    };
    let (almost, upper) = (format!("{}x", app.secret), app.client_id.to_uppercase());
    let attempts = [
        as_app("tk_unknown", &app.secret),
        as_app(&app.client_id, "wrong"),
        as_app(&app.client_id, ""),
        as_app(&app.client_id, &almost),
        as_app(&app.client_id, &"x".repeat(513)),
        as_app(&app.client_id, "a%00b"),
        as_app(&upper, &app.secret),
        as_app(&format!("{}%20", app.client_id), &app.secret),
        as_app(&format!("{}%00", app.client_id), &app.secret),
        as_app("", ""),
        as_app(&public.client_id, "anything"),
        disabled.clone(),
        as_app(&disabled.client_id, "wrong"),
        suspended,
    ];
    let mut bodies = Vec::new();
    for attempt in &attempts {
        let answer = world.ask_token(attempt, "").await;
        assert_unauthenticated(&answer, Some(CHALLENGE));
        bodies.push(answer.body);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]));
}

#[actix_web::test]
async fn a_million_bytes_of_secret_are_refused_like_any_wrong_one() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let huge = TestApp { secret: "x".repeat(48 * 1024), ..app };
    assert_unauthenticated(&world.ask_token(&huge, "").await, Some(CHALLENGE));
}

#[actix_web::test]
async fn the_client_is_authenticated_before_its_scopes_are_looked_at() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let guessing = TestApp { secret: "wrong".to_owned(), ..app.clone() };
    for more in ["&scope=nobody-has-this", "&scope=%22", "&resource=urn:unknown"] {
        assert_unauthenticated(&world.ask_token(&guessing, more).await, Some(CHALLENGE));
    }
    for more in ["&scope=nobody-has-this", "&scope=%22", "&scope=sec", "&scope=read%20sec"] {
        let answer = world.ask_token(&app, more).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_scope".to_owned()), "{more}");
    }
    let answer = world.ask_token(&app, "&resource=urn:unknown").await;
    assert_eq!(answer.oauth_error(), (400, "invalid_target".to_owned()));
}

#[actix_web::test]
async fn a_secret_is_of_no_use_at_another_instance() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    assert_unauthenticated(&world.ask_token_at("/i/acme", &app, "").await, Some(CHALLENGE));
    assert_eq!(world.ask_token(&app, "").await.status, 200);
}

#[actix_web::test]
async fn the_old_secret_is_dead_once_there_is_a_new_one() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let token = world.token(&app).await;
    let path = format!("/api/v1/apps/{}/secrets/regenerate", app.id);
    let answer = world.operate("POST", &path, None).await;
    assert_eq!((answer.status, answer.header("cache-control")), (201, Some("no-store")));
    let renewed =
        TestApp { secret: answer.json()["client_secret"].as_str().unwrap().to_owned(), ..app.clone() };
    assert_unauthenticated(&world.ask_token(&app, "").await, Some(CHALLENGE));
    assert_eq!(world.introspect(&renewed, &token).await.text(), r#"{"active":false}"#);
    assert_eq!(world.ask_token(&renewed, "").await.status, 200);
}

//! Successful token requests (RFC 6749 §5.1).

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::world::requests::form;
use crate::world::{BASE_URL, World};

fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}

#[actix_web::test]
async fn a_token_comes_with_its_type_lifetime_and_scope_and_is_not_kept() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let answer = world.ask_token(&app, "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let body = answer.json();
    let members: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["access_token", "token_type", "expires_in", "scope"]);
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(body["scope"], "read write");
    let claims = claims_of(body["access_token"].as_str().unwrap());
    assert_eq!((&claims["iss"], &claims["client_id"]), (&json!(BASE_URL), &json!(app.client_id)));
}

#[actix_web::test]
async fn credentials_in_the_form_are_as_good_as_in_the_header() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let body =
        format!("grant_type=client_credentials&client_id={}&client_secret={}", app.client_id, app.secret);
    assert_eq!(world.send(form("/connect/token", &body)).await.status, 200);
}

#[actix_web::test]
async fn requested_scopes_and_resource_are_granted() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let answer = world.ask_token(&app, "&scope=read&resource=TrueParser.API").await;
    let body = answer.json();
    assert_eq!(body["scope"], "read");
    assert_eq!(claims_of(body["access_token"].as_str().unwrap())["aud"], "TrueParser.API");
}

#[actix_web::test]
async fn unknown_and_empty_parameters_change_nothing() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let answer = world.ask_token(&app, "&scope=&resource=&client_secret=&colour=red").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["scope"], "read write");
}

#[actix_web::test]
async fn vendor_chosen_client_ids_work_whatever_their_characters() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Vendor").await;
    world.operated("PATCH", &format!("/api/v1/tenants/{tenant_id}"), Some(json!({"app_limit": 10}))).await;
    for (name, client_id, encoded) in [
        ("Slash", "com.vendor/app", "com.vendor%2Fapp"),
        ("Uri", "https://vendor.example/app", "https%3A%2F%2Fvendor.example%2Fapp"),
        ("Odd", "a+b%c&d=e", "a%2Bb%25c%26d%3De"),
    ] {
        let app = world.app_with(&tenant_id, name, json!({"client_id": client_id})).await;
        assert_eq!(app.client_id, client_id);
        let encoded = crate::world::TestApp { client_id: encoded.to_owned(), ..app };
        assert_eq!(world.ask_token(&encoded, "").await.status, 200, "{client_id}");
    }
}

#[actix_web::test]
async fn the_issuer_never_follows_the_host_header() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let body =
        format!("grant_type=client_credentials&client_id={}&client_secret={}", app.client_id, app.secret);
    let request = form("/connect/token", &body)
        .insert_header(("Host", "evil.example"))
        .insert_header(("X-Forwarded-Host", "evil.example"))
        .insert_header(("X-Forwarded-Proto", "http"));
    let answer = world.send(request).await;
    assert_eq!(claims_of(answer.json()["access_token"].as_str().unwrap())["iss"], BASE_URL);
}

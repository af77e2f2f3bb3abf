//! Nothing that the server says about itself comes from a request (attack 64).

use actix_web::test::TestRequest;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::world::databases::on_both_databases;
use crate::world::people::text;
use crate::world::requests::{basic, bearer, form, request};
use crate::world::{BASE_URL, World};

on_both_databases!(attack_64_a_host_of_the_callers_choice_appears_nowhere);

const POISON: &str = "evil.example";

fn poisoned(request: TestRequest) -> TestRequest {
    [
        ("Host", POISON),
        ("X-Forwarded-Host", POISON),
        ("X-Forwarded-Server", POISON),
        ("X-Forwarded-Proto", "http"),
        ("X-Forwarded-Port", "8443"),
        ("X-Forwarded-Prefix", "/evil.example"),
        ("X-Host", POISON),
        ("X-Original-Host", POISON),
        ("Forwarded", "host=evil.example;proto=http"),
        ("Origin", "https://evil.example"),
        ("Referer", "https://evil.example/"),
    ]
    .into_iter()
    .fold(request, TestRequest::insert_header)
}

async fn attack_64_a_host_of_the_callers_choice_appears_nowhere(world: World) {
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let tenant = world.tenant("", "Acme").await;
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/i/acme",
        "/i/acme/.well-known/openid-configuration",
        "/.well-known/jwks.json",
        "/api/v1/openapi.json",
        "/api/v1/docs",
        "/nowhere",
        "/health/ready",
    ] {
        let (clean, poison) = (
            world.send(TestRequest::get().uri(path)).await,
            world.send(poisoned(TestRequest::get().uri(path))).await,
        );
        assert_eq!(poison.status, clean.status, "{path}");
        assert!(
            !poison.text().contains(POISON) && !format!("{:?}", poison.headers).contains(POISON),
            "{path}"
        );
    }
    let ask = form("/connect/token", "grant_type=client_credentials");
    let ask = ask.insert_header(basic(&world.operator.client_id, &world.operator.secret));
    let token = text(&world.send(poisoned(ask)).await.json()["access_token"]);
    let payload = BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(claims["iss"], BASE_URL);
    for (path, body) in [
        ("/api/v1/apps", json!({"tenant_id": tenant, "name": "App", "region": "eu-west"})),
        ("/api/v1/tenants", json!({"name": "Other"})),
        ("/i/acme/api/v1/tenants", json!({"name": "Other"})),
    ] {
        let creation = request("POST", path)
            .insert_header(bearer(&token))
            .insert_header(("Content-Type", "application/json"))
            .set_payload(body.to_string());
        let made = world.send(poisoned(creation)).await;
        assert_eq!(made.status, 201, "{}", made.text());
        let location = made.header("location").unwrap();
        assert!(location.starts_with(&format!("{BASE_URL}{path}/")), "{location}");
        assert!(!format!("{:?} {}", made.headers, made.text()).contains(POISON), "{path}");
    }
    for (path, request) in [
        ("refused", request("GET", "/api/v1/apps")),
        ("malformed", request("POST", "/connect/token")),
        ("absent", request("GET", "/api/v1/apps/x").insert_header(bearer(&token))),
    ] {
        let answer = world.send(poisoned(request)).await;
        assert!(
            400 <= answer.status && !format!("{:?} {}", answer.headers, answer.text()).contains(POISON),
            "{path}"
        );
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

//! Requests that get nothing, and with which error (requirements B.1; RFC 6749 §5.2, RFC 7636 §4.6).

use super::estate::{ask_token, code_for, internal, public_app, redeem_with, refresh, tokens, world};
use crate::authorization::estate::{REDIRECT, VERIFIER, app, app_with};
use crate::world::requests::form;
use crate::world::{TestApp, World};

#[track_caller]
fn is_error(answer: &crate::world::answer::Answer, status: u16, code: &str, name: &str) {
    assert_eq!(answer.oauth_error(), (status, code.to_owned()), "{name}: {}", answer.text());
}

#[actix_web::test]
async fn attack_21_and_22_a_code_that_is_presented_wrongly() {
    let world = world().await;
    let app = app(&world).await;
    let ada = internal(&world, "ada").await;
    let code = code_for(&world, &app, &ada, "openid").await;
    let (short, long) = ("a".repeat(42), "a".repeat(129));
    let endless = "a".repeat(10_000);
    for (name, change, error) in [
        ("no code", ("code", ""), "invalid_request"),
        ("another code", ("code", "tkac_nobodys"), "invalid_grant"),
        ("an endless code", ("code", endless.as_str()), "invalid_grant"),
        ("no redirect URI", ("redirect_uri", ""), "invalid_grant"),
        ("another redirect URI", ("redirect_uri", "https://app.example.com/cb/"), "invalid_grant"),
        ("no verifier", ("code_verifier", ""), "invalid_grant"),
        ("a short verifier", ("code_verifier", short.as_str()), "invalid_grant"),
        ("a long verifier", ("code_verifier", long.as_str()), "invalid_grant"),
        ("an endless verifier", ("code_verifier", endless.as_str()), "invalid_grant"),
        ("another resource", ("resource", "https://other.example"), "invalid_target"),
        ("no resource at all", ("resource", "#"), "invalid_target"),
    ] {
        is_error(&redeem_with(&world, &app, &code, &[change]).await, 400, error, name);
    }
    let redeemed = redeem_with(&world, &app, &code, &[]).await;
    assert_eq!(redeemed.status, 200, "none of this used it up: {}", redeemed.text());
    is_error(&redeem_with(&world, &app, &code, &[]).await, 400, "invalid_grant", "again");
    let access = redeemed.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(world.introspect(&app, &access).await.text(), r#"{"active":false}"#);
}

#[actix_web::test]
async fn attack_1_and_3_another_app_and_another_instance() {
    let world = world().await;
    let (app, other) = (app(&world).await, app_with(&world, "Other", serde_json::json!({})).await);
    let ada = internal(&world, "ada").await;
    let code = code_for(&world, &app, &ada, "openid offline_access").await;
    is_error(&redeem_with(&world, &other, &code, &[]).await, 400, "invalid_grant", "another app");
    let body = redeem_with(&world, &app, &code, &[]).await.json();
    let token = body["refresh_token"].as_str().unwrap();
    is_error(&refresh(&world, &other, token, &[]).await, 400, "invalid_grant", "another app");

    world.create("/api/v1/instances", serde_json::json!({"slug": "acme", "name": "Acme"})).await;
    world.furnish("/i/acme").await;
    let tenant = world.tenant("/i/acme", "Acme").await;
    let twin = world.app_at("/i/acme", &tenant, "Portal", serde_json::json!({"scopes": "read"})).await;
    for (client, status, error) in [(&twin, 400, "invalid_grant"), (&app, 401, "invalid_client")] {
        let parameters = format!(
            "grant_type=refresh_token&refresh_token={token}&client_id={}&client_secret={}",
            client.client_id, client.secret
        );
        let answer = world.send(form("/i/acme/connect/token", &parameters)).await;
        is_error(&answer, status, error, "another instance");
    }
    assert_eq!(refresh(&world, &app, token, &[]).await.status, 200, "still usable where it was made");
}

#[actix_web::test]
async fn attack_40_a_refresh_token_that_is_presented_wrongly() {
    let world = world().await;
    let app = public_app(&world, "Phone").await;
    let ada = internal(&world, "ada").await;
    let body = tokens(&world, &app, &ada, "openid read offline_access").await;
    let token = body["refresh_token"].as_str().unwrap();
    let endless = "a".repeat(10_000);
    for (name, presented, more, error) in [
        ("none", "", ("scope", ""), "invalid_request"),
        ("nobody's", "tkrt_nobodys", ("scope", ""), "invalid_grant"),
        ("an endless one", endless.as_str(), ("scope", ""), "invalid_grant"),
        ("an access token", body["access_token"].as_str().unwrap(), ("scope", ""), "invalid_grant"),
        ("more scopes", token, ("scope", "openid read write"), "invalid_scope"),
        ("impossible scopes", token, ("scope", "\"\\"), "invalid_scope"),
        ("another resource", token, ("resource", "https://other.example"), "invalid_target"),
    ] {
        is_error(&refresh(&world, &app, presented, &[more]).await, 400, error, name);
    }
    let next = refresh(&world, &app, token, &[("scope", "read")]).await;
    assert_eq!((next.status, &next.json()["scope"]), (200, &serde_json::json!("read")));
    is_error(&refresh(&world, &app, token, &[]).await, 400, "invalid_grant", "again");
    let next = next.json()["refresh_token"].as_str().unwrap().to_owned();
    is_error(&refresh(&world, &app, &next, &[]).await, 400, "invalid_grant", "of the family");
}

#[actix_web::test]
async fn a_client_that_is_not_who_it_says() {
    let world = world().await;
    let app = app(&world).await;
    let public = public_app(&world, "Phone").await;
    let ada = internal(&world, "ada").await;
    let code = code_for(&world, &app, &ada, "openid").await;
    let nobody = TestApp { client_id: "tk_nobody".to_owned(), secret: String::new(), ..app.clone() };
    let named = TestApp { secret: String::new(), ..app.clone() };
    let wrong = TestApp { secret: "wrong".to_owned(), ..app.clone() };
    let with_secret = TestApp { secret: app.secret.clone(), ..public.clone() };
    for client in [&nobody, &named, &wrong, &with_secret] {
        let answer = redeem_with(&world, client, &code, &[]).await;
        is_error(&answer, 401, "invalid_client", &client.client_id);
        let used_header = !client.secret.is_empty();
        assert_eq!(answer.header("www-authenticate").is_some(), used_header);
    }
    let public_code = code_for(&world, &public, &ada, "openid").await;
    let answer = redeem_with(&world, &public, &public_code, &[("client_secret", "anything")]).await;
    is_error(&answer, 401, "invalid_client", "a secret of an app that has none");
    assert_eq!(redeem_with(&world, &app, &code, &[]).await.status, 200);
    assert_eq!(redeem_with(&world, &public, &public_code, &[]).await.status, 200);
}

#[actix_web::test]
async fn codes_and_refresh_tokens_are_never_taken_from_the_url_and_never_twice() {
    let world = world().await;
    let app = public_app(&world, "Phone").await;
    let ada = internal(&world, "ada").await;
    let code = code_for(&world, &app, &ada, "openid").await;
    let body = format!(
        "grant_type=authorization_code&client_id={}&redirect_uri={REDIRECT}&code_verifier={VERIFIER}",
        app.client_id
    );
    for (name, path, body) in [
        ("in the URL", format!("/connect/token?code={code}"), body.clone()),
        ("in both", format!("/connect/token?code={code}"), format!("{body}&code={code}")),
        ("a refresh token in the URL", "/connect/token?refresh_token=x".to_owned(), body.clone()),
        ("twice", "/connect/token".to_owned(), format!("{body}&code={code}&code={code}")),
        ("two verifiers", "/connect/token".to_owned(), format!("{body}&code={code}&code_verifier=x")),
    ] {
        is_error(&world.send(form(&path, &body)).await, 400, "invalid_request", name);
    }
    assert_eq!(redeem_with(&world, &app, &code, &[]).await.status, 200);
}

#[actix_web::test]
async fn grants_that_nobody_has() {
    let world = world().await;
    let app = app(&world).await;
    for grant_type in ["password", "implicit", "AUTHORIZATION_CODE", "refresh_token "] {
        let answer = ask_token(&world, &app, &[("grant_type", grant_type), ("code", "x")]).await;
        is_error(&answer, 400, "unsupported_grant_type", grant_type);
    }
    let public = public_app(&world, "Phone").await;
    let answer = ask_token(&world, &public, &[("grant_type", "client_credentials")]).await;
    is_error(&answer, 401, "invalid_client", "a public app by itself");
}

#[actix_web::test]
async fn what_is_refused_is_counted_by_its_cause() {
    let world: World = world().await;
    let app = public_app(&world, "Phone").await;
    let ada = internal(&world, "ada").await;
    let body = tokens(&world, &app, &ada, "openid").await;
    let token = body["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&world, &app, token, &[]).await.status, 200);
    is_error(&refresh(&world, &app, token, &[]).await, 400, "invalid_grant", "again");
    let metrics = world.send(crate::world::requests::request("GET", "/metrics")).await;
    let line = metrics.text().lines().find(|line| line.contains(r#"reason="refresh_token_reused""#));
    assert!(line.is_some_and(|line| line.ends_with(" 1")), "{line:?}");
}

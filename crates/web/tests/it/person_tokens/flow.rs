//! From the code to everything that an app does with what comes of it.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::estate::{code_for, internal, public_app, redeem_with, refresh, tokens, world};
use crate::authorization::estate::{VERIFIER, app, app_with, ask, ask_and_allow, code_of, signed_in};
use crate::world::requests::{basic, bearer, form, request};
use crate::world::{BASE_URL, TestApp, World};

fn payload(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}

fn members(body: &Value) -> Vec<&str> {
    let mut members: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    members
}

async fn is_active(world: &World, app: &TestApp, token: &Value) -> bool {
    world.introspect(app, token.as_str().unwrap()).await.json()["active"] == true
}

#[actix_web::test]
async fn an_app_with_a_secret_goes_all_the_way() {
    let world = world().await;
    let app = app(&world).await;
    let ada = internal(&world, "ada").await;
    let code = code_for(&world, &app, &ada, "openid profile read offline_access").await;
    let answer = redeem_with(&world, &app, &code, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let body = answer.json();
    let expected = ["access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"];
    assert_eq!(members(&body), expected);
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(body["scope"], "offline_access openid profile read");
    let (access, id_token) = (payload(&body["access_token"]), payload(&body["id_token"]));
    assert_eq!((&access["sub"], &id_token["sub"]), (&json!(ada), &json!(ada)));
    assert_eq!((&access["aud"], &id_token["aud"]), (&json!("TrueParser.API"), &json!(app.client_id)));
    assert_eq!((&access["user_kind"], &id_token["iss"]), (&json!("internal"), &json!(BASE_URL)));

    let seen = world.introspect(&app, body["access_token"].as_str().unwrap()).await.json();
    assert_eq!(
        (&seen["active"], &seen["sub"], &seen["user_kind"]),
        (&json!(true), &json!(ada), &json!("internal"))
    );
    assert_eq!((&seen["acr"], &seen["auth_time"]), (&id_token["acr"], &id_token["auth_time"]));
    let seen = world.introspect(&app, body["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!(members(&seen), ["active", "client_id", "exp", "iat", "iss", "scope", "sub"]);

    let bearer = bearer(body["access_token"].as_str().unwrap());
    let info = world.send(request("GET", "/connect/userinfo").insert_header(bearer)).await;
    let expected = json!({"sub": ada, "name": "ada", "preferred_username": "ada"});
    assert_eq!((info.status, info.json()), (200, expected));

    let next = refresh(&world, &app, body["refresh_token"].as_str().unwrap(), &[]).await.json();
    assert_ne!(next["refresh_token"], body["refresh_token"]);
    assert_eq!(payload(&next["id_token"])["auth_time"], id_token["auth_time"]);

    let revoke = form("/connect/revoke", &format!("token={}", next["refresh_token"].as_str().unwrap()));
    let revoked = world.send(revoke.insert_header(basic(&app.client_id, &app.secret))).await;
    assert_eq!((revoked.status, revoked.text()), (200, ""));
    for token in ["access_token", "refresh_token"] {
        assert!(!is_active(&world, &app, &next[token]).await, "{token}");
    }
    assert!(!is_active(&world, &app, &body["access_token"]).await);
}

#[actix_web::test]
async fn a_public_app_names_itself_and_needs_its_verifier() {
    let world = world().await;
    let app = public_app(&world, "Phone").await;
    let ada = internal(&world, "ada").await;
    let body = tokens(&world, &app, &ada, "openid").await;
    let next = refresh(&world, &app, body["refresh_token"].as_str().unwrap(), &[]).await;
    assert_eq!(next.status, 200, "{}", next.text());
    let token = next.json()["refresh_token"].as_str().unwrap().to_owned();
    let revoked =
        world.send(form("/connect/revoke", &format!("token={token}&client_id={}", app.client_id))).await;
    assert_eq!(revoked.status, 200);
    let refused = refresh(&world, &app, &token, &[]).await;
    assert_eq!(refused.oauth_error(), (400, "invalid_grant".to_owned()));
}

#[actix_web::test]
async fn a_nonce_comes_back_once_and_is_asked_for_by_nobody() {
    let world = world().await;
    let app = app(&world).await;
    let ada = internal(&world, "ada").await;
    let browser = signed_in(&world, &ada);
    let nonce = "n".repeat(64);
    for (sent, expected) in [(nonce.as_str(), json!(nonce)), ("", Value::Null)] {
        let changes = [("nonce", sent)];
        let answer = ask_and_allow(&browser, &app.client_id, &changes).await;
        let body = redeem_with(&world, &app, &code_of(&answer), &[]).await.json();
        assert_eq!(payload(&body["id_token"])["nonce"], expected);
        let next = refresh(&world, &app, body["refresh_token"].as_str().unwrap(), &[]).await.json();
        assert_eq!(payload(&next["id_token"])["nonce"], Value::Null);
    }
}

#[actix_web::test]
async fn an_app_whose_operator_lifted_pkce_redeems_without_a_verifier() {
    let world = world().await;
    let app = app_with(&world, "Basic profile", json!({"pkce": "optional"})).await;
    let ada = internal(&world, "ada").await;
    let browser = signed_in(&world, &ada);
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    for (changes, expected) in [
        ([("code_verifier", "")], (200, None)),
        ([("code_verifier", VERIFIER)], (400, Some("invalid_request"))),
    ] {
        let answer = ask_and_allow(&browser, &app.client_id, &without).await;
        let answer = redeem_with(&world, &app, &code_of(&answer), &changes).await;
        assert_eq!(answer.status, expected.0, "{}", answer.text());
        if let (status, Some(code)) = expected {
            assert_eq!(answer.oauth_error(), (status, code.to_owned()));
        }
    }
    // What it sends is checked all the same.
    let answer = ask(&browser, &app.client_id, &[]).await;
    let refused = redeem_with(&world, &app, &code_of(&answer), &[("code_verifier", "")]).await;
    assert_eq!(refused.oauth_error(), (400, "invalid_grant".to_owned()));
}

#[actix_web::test]
async fn disabling_the_user_ends_everything_at_once() {
    let world = world().await;
    let app = app(&world).await;
    let ada = internal(&world, "ada").await;
    let body = tokens(&world, &app, &ada, "openid read offline_access").await;
    assert!(is_active(&world, &app, &body["access_token"]).await);
    let code = code_for(&world, &app, &ada, "openid").await;
    world.operated("POST", &format!("/api/v1/users/{ada}/disable"), None).await;
    assert!(!is_active(&world, &app, &body["access_token"]).await);
    assert!(!is_active(&world, &app, &body["refresh_token"]).await);
    let bearer = bearer(body["access_token"].as_str().unwrap());
    let info = world.send(request("GET", "/connect/userinfo").insert_header(bearer)).await;
    assert_eq!(info.status, 401);
    for answer in [
        redeem_with(&world, &app, &code, &[]).await,
        refresh(&world, &app, body["refresh_token"].as_str().unwrap(), &[]).await,
    ] {
        assert_eq!(answer.oauth_error(), (400, "invalid_grant".to_owned()));
    }
}

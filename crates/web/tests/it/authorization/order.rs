//! Requirements B.3: what is looked at before what, and where the answer goes.

use serde_json::json;

use super::estate::{
    REDIRECT, app, app_with, ask, ask_and_allow, code_of, error_page, query, refused, sent_to,
    sent_to_sign_in, signed_in, user,
};
use crate::account::browser::Browser;
use crate::account::pages::assert_page;
use crate::world::World;

#[actix_web::test]
async fn attack_18_with_a_foreign_redirect_uri_nothing_else_counts() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    for (changes, foreign, registered) in [
        (("scope", "sec"), "redirect_uri_mismatch", "invalid_scope"),
        (("scope", "delete"), "redirect_uri_mismatch", "invalid_scope"),
        (("scope", "a\"b"), "redirect_uri_mismatch", "invalid_scope"),
        (("response_type", "token"), "redirect_uri_mismatch", "unsupported_response_type"),
        (("response_type", ""), "redirect_uri_mismatch", "invalid_request"),
        (("request", "e30.e30."), "redirect_uri_mismatch", "request_not_supported"),
        (("request_uri", "https://evil.example/r"), "redirect_uri_mismatch", "request_uri_not_supported"),
        (("registration", "{}"), "redirect_uri_mismatch", "registration_not_supported"),
        (("resource", "https://elsewhere.example"), "redirect_uri_mismatch", "invalid_target"),
        (("response_mode", "fragment"), "redirect_uri_mismatch", "invalid_request"),
        (("prompt", "none login"), "redirect_uri_mismatch", "invalid_request"),
        (("prompt", "create"), "redirect_uri_mismatch", "invalid_request"),
        (("code_challenge_method", "plain"), "redirect_uri_mismatch", "invalid_request"),
        (("nonce", &*"n".repeat(513)), "redirect_uri_mismatch", "invalid_request"),
    ] {
        let elsewhere = [changes, ("redirect_uri", "https://app.example.com/other")];
        let page = ask(&browser, &app.client_id, &elsewhere).await;
        assert_eq!(error_page(&page), (400, foreign.to_owned()), "{changes:?}");
        assert_page(&page);
        let answer = ask(&browser, &app.client_id, &[changes]).await;
        assert_eq!(refused(&answer), registered, "{changes:?}");
        let mut sent = sent_to(&answer, REDIRECT);
        assert_eq!(sent.take("state").as_deref(), Some("s-1"), "{changes:?}");
    }
}

#[actix_web::test]
async fn attack_19_only_a_code_is_a_response() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    for response_type in
        ["token", "id_token", "id_token token", "code token", "code id_token", "none", "CODE", "code "]
    {
        let answer = ask(&browser, &app.client_id, &[("response_type", response_type)]).await;
        assert_eq!(refused(&answer), "unsupported_response_type", "{response_type}");
    }
}

#[actix_web::test]
async fn attack_8_an_app_of_another_issuer_is_unknown() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let request = query(&app.client_id, &[]);
    let answer = browser.get(&format!("/i/acme/connect/authorize?{request}")).await;
    assert_eq!(error_page(&answer), (400, "unknown_client".to_owned()));
    for path in ["/i/nobody/connect/authorize", "/i/default/connect/authorize"] {
        let answer = browser.get(&format!("{path}?{request}")).await;
        assert_eq!(error_page(&answer), (404, "not_found".to_owned()), "{path}");
    }
}

#[actix_web::test]
async fn attack_7_a_client_id_has_one_spelling() {
    let world = World::new().await;
    let app = app_with(&world, "Portal", json!({"client_id": "com.example/Portal"})).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    assert_eq!(ask(&browser, &app.client_id, &[]).await.status, 200);
    for client_id in [
        "com.example/portal",
        "com.example/Portal ",
        " com.example/Portal",
        "com.example/Portal.",
        "com.example/Portal\0",
        "com.example%2FPortal",
        "com.example/Port\u{430}l",
        "com.example/../com.example/Portal",
        "",
    ] {
        let answer = ask(&browser, client_id, &[("client_id", client_id)]).await;
        assert_eq!(error_page(&answer), (400, "unknown_client".to_owned()), "{client_id:?}");
    }
}

#[actix_web::test]
async fn a_redirect_uri_may_be_left_out_where_there_is_one() {
    let world = World::new().await;
    let one = app(&world).await;
    let two =
        app_with(&world, "Two", json!({"login_redirect_uris": [REDIRECT, "https://app.example.com/other"]}))
            .await;
    let none = app_with(&world, "None", json!({"login_redirect_uris": []})).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let left_out = [("redirect_uri", ""), ("response_type", "token")];
    assert_eq!(refused(&ask(&browser, &one.client_id, &left_out).await), "unsupported_response_type");
    for app in [two, none] {
        let answer = ask(&browser, &app.client_id, &left_out).await;
        assert_eq!(error_page(&answer), (400, "redirect_uri_missing".to_owned()));
    }
}

#[actix_web::test]
async fn attack_21_there_is_no_code_without_a_challenge() {
    let world = World::new().await;
    let confidential = app(&world).await;
    let public = app_with(&world, "Public", json!({"client_type": "public"})).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    for app in [confidential, public] {
        for changes in [
            &[("code_challenge", ""), ("code_challenge_method", "")][..],
            &[("code_challenge", "")],
            &[("code_challenge_method", "")],
            &[("code_challenge_method", "plain")],
            &[("code_challenge_method", "s256")],
            &[("code_challenge", "short")],
            &[("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c=")],
        ] {
            let answer = ask(&browser, &app.client_id, changes).await;
            assert_eq!(refused(&answer), "invalid_request", "{changes:?}");
        }
    }
}

#[actix_web::test]
async fn an_operator_may_lift_the_challenge_for_an_app_that_keeps_a_secret() {
    let world = World::new().await;
    let app = app_with(&world, "Old", json!({"pkce": "optional"})).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    code_of(&ask_and_allow(&browser, &app.client_id, &without).await);
    let plain = ask(&browser, &app.client_id, &[("code_challenge_method", "plain")]).await;
    assert_eq!(refused(&plain), "invalid_request", "what is sent is checked all the same");
}

#[actix_web::test]
async fn attack_30_the_apps_flags_decide_who_may_enter() {
    let world = World::new().await;
    let internal = app(&world).await;
    let flags = json!({"sign_in": {"internal": false, "community": true}});
    let community = app_with(&world, "Community", flags).await;
    let nobody =
        app_with(&world, "Nobody", json!({"sign_in": {"internal": false, "community": false}})).await;
    let ada = signed_in(&world, &user(&world, "ada", "internal").await);
    let cleo = signed_in(&world, &user(&world, "cleo", "community").await);
    for (browser, app, expected) in [
        (&ada, &internal, None),
        (&cleo, &internal, Some("access_denied")),
        (&ada, &community, Some("access_denied")),
        (&cleo, &community, None),
        (&ada, &nobody, Some("unauthorized_client")),
    ] {
        let answer = ask(browser, &app.client_id, &[]).await;
        match expected {
            Some(error) => assert_eq!(refused(&answer), error),
            None => assert_eq!(answer.status, 200, "{}", answer.text()),
        }
    }
}

#[actix_web::test]
async fn nobody_signs_in_for_a_request_that_cannot_succeed() {
    let world = World::new().await;
    let app = app(&world).await;
    let visitor = Browser::new(&world);
    sent_to_sign_in(&ask(&visitor, &app.client_id, &[]).await);
    for changes in [("scope", "sec"), ("code_challenge_method", "plain"), ("max_age", "never")] {
        refused(&ask(&visitor, &app.client_id, &[changes]).await);
    }
}

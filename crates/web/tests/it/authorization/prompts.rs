//! `prompt`, `max_age` and `id_token_hint` (OpenID Connect Core §3.1.2.1), and sign-ins that were begun and not ended.

use turnkeep_service::keys::rotate_keys::rotate_due_keys;

use super::estate::{
    REDIRECT, VERIFIER, app, ask, ask_and_allow, code_of, refused, resume, sent_to_sign_in, sign_in,
    signed_in, user,
};
use crate::account::browser::{Browser, encoded};
use crate::world::people::text;
use crate::world::requests::{basic, form};
use crate::world::{TestApp, World};

#[actix_web::test]
async fn nobody_is_asked_where_the_app_wants_no_question() {
    let world = World::new().await;
    let app = app(&world).await;
    let none = [("prompt", "none")];
    assert_eq!(refused(&ask(&Browser::new(&world), &app.client_id, &none).await), "login_required");
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    assert_eq!(refused(&ask(&browser, &app.client_id, &none).await), "consent_required");
    ask_and_allow(&browser, &app.client_id, &[]).await;
    code_of(&ask(&browser, &app.client_id, &none).await);
    world.advance(61);
    let aged = [("prompt", "none"), ("max_age", "60")];
    assert_eq!(refused(&ask(&browser, &app.client_id, &aged).await), "login_required");
    let both = [("prompt", "none consent")];
    assert_eq!(refused(&ask(&browser, &app.client_id, &both).await), "invalid_request");
}

#[actix_web::test]
async fn attack_27_a_sign_in_that_was_asked_for_again_has_to_happen() {
    let world = World::new().await;
    let app = app(&world).await;
    let ada = user(&world, "ada", "internal").await;
    let browser = signed_in(&world, &ada);
    ask_and_allow(&browser, &app.client_id, &[]).await;
    for changes in [("prompt", "login"), ("prompt", "select_account"), ("max_age", "0"), ("max_age", "9")] {
        world.advance(10);
        let interaction = sent_to_sign_in(&ask(&browser, &app.client_id, &[changes]).await);
        // Cancelled: the session from before does not do.
        let again = sent_to_sign_in(&resume(&browser, &interaction).await);
        world.advance(5);
        let again = sent_to_sign_in(&resume(&browser, &again).await);
        sign_in(&world, &browser, &ada);
        code_of(&resume(&browser, &again).await);
    }
}

#[actix_web::test]
async fn an_app_may_wish_for_two_factors_and_gets_what_the_person_can_prove() {
    let world = World::new().await;
    let app = app(&world).await;
    let ada = user(&world, "ada", "internal").await;
    let browser = signed_in(&world, &ada);
    ask_and_allow(&browser, &app.client_id, &[]).await;
    world.advance(10);
    let two = ("acr_values", "urn:turnkeep:acr:2");
    let interaction = sent_to_sign_in(&ask(&browser, &app.client_id, &[two]).await);
    let again = sent_to_sign_in(&resume(&browser, &interaction).await);
    world.advance(5);
    sign_in(&world, &browser, &ada);
    code_of(&resume(&browser, &again).await);
    code_of(&ask(&browser, &app.client_id, &[("acr_values", "urn:turnkeep:acr:2 urn:turnkeep:acr:1")]).await);
    code_of(&ask(&browser, &app.client_id, &[two, ("prompt", "none")]).await);
}

#[actix_web::test]
async fn attack_27_an_interaction_of_a_visitor_does_not_stand_for_the_sign_in_of_somebody() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    ask_and_allow(&browser, &app.client_id, &[]).await;
    world.advance(10);
    let attacker = Browser::new(&world);
    let interaction = sent_to_sign_in(&ask(&attacker, &app.client_id, &[("prompt", "login")]).await);
    sent_to_sign_in(&resume(&browser, &interaction).await);
}

#[actix_web::test]
async fn attack_27_the_session_is_the_one_of_the_last_sign_in() {
    let world = World::new().await;
    let app = app(&world).await;
    let (ada, bob) = (user(&world, "ada", "internal").await, user(&world, "bob", "internal").await);
    let browser = signed_in(&world, &ada);
    let before = browser.session().unwrap();
    ask_and_allow(&browser, &app.client_id, &[]).await;
    sign_in(&world, &browser, &bob);
    let after = browser.session().unwrap();
    assert_ne!(before, after);
    browser.plant("__Host-turnkeep-session", &before);
    sent_to_sign_in(&ask(&browser, &app.client_id, &[]).await);
    browser.plant("__Host-turnkeep-session", &after);
    let asked = ask(&browser, &app.client_id, &[]).await;
    assert!(asked.text().contains("<dd id=\"user-name\">bob</dd>"), "the consent of ada is not bob's");
    for planted in ["", "tkse_x", "' OR 1=1", "tkac_0000000000000000000000000000000000000000000"] {
        browser.plant("__Host-turnkeep-session", planted);
        sent_to_sign_in(&ask(&browser, &app.client_id, &[]).await);
    }
}

#[actix_web::test]
async fn consent_is_asked_again_where_the_app_wants_that() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    ask_and_allow(&browser, &app.client_id, &[]).await;
    let page = ask(&browser, &app.client_id, &[("prompt", "consent")]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    code_of(&browser.submit(&page, "consent-form", &[("decision", "allow")]).await);
}

/// The ID token that a code is redeemed for.
async fn id_token(world: &World, app: &TestApp, code: &str) -> String {
    let body = encoded(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ]);
    let request = form("/connect/token", &body).insert_header(basic(&app.client_id, &app.secret));
    let answer = world.send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    text(&answer.json()["id_token"])
}

#[actix_web::test]
async fn an_app_that_expects_somebody_gets_nobody_else() {
    let world = World::new().await;
    // As a server does before it serves anybody: that makes the key of ID tokens.
    rotate_due_keys(&world.authority).unwrap();
    let app = app(&world).await;
    let (ada, bob) = (user(&world, "ada", "internal").await, user(&world, "bob", "internal").await);
    let browser = signed_in(&world, &ada);
    let code = code_of(&ask_and_allow(&browser, &app.client_id, &[]).await);
    let hint = id_token(&world, &app, &code).await;
    // Expired or not.
    world.advance(7_200);
    sign_in(&world, &browser, &ada);
    let expects = [("id_token_hint", hint.as_str())];
    let silently = [("id_token_hint", hint.as_str()), ("prompt", "none")];
    code_of(&ask(&browser, &app.client_id, &silently).await);

    let other = signed_in(&world, &bob);
    code_of(&ask_and_allow(&other, &app.client_id, &[]).await);
    assert_eq!(refused(&ask(&other, &app.client_id, &silently).await), "login_required");
    world.advance(10);
    let interaction = sent_to_sign_in(&ask(&other, &app.client_id, &expects).await);
    sign_in(&world, &other, &bob);
    assert_eq!(refused(&resume(&other, &interaction).await), "login_required");
    sign_in(&world, &other, &ada);
    code_of(&resume(&other, &interaction).await);
}

#[actix_web::test]
async fn attack_36_what_is_no_id_token_of_ours_is_no_hint() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    code_of(&ask_and_allow(&browser, &app.client_id, &[]).await);
    let access_token = world.token(&world.operator).await;
    for hint in [access_token.as_str(), "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
        let silently = [("id_token_hint", hint), ("prompt", "none")];
        assert_eq!(refused(&ask(&browser, &app.client_id, &silently).await), "login_required", "{hint}");
        code_of(&ask(&browser, &app.client_id, &[("id_token_hint", hint)]).await);
    }
}

//! Answers and interactions that somebody sends once more (attack 26, a double click too), or in another browser
//! (attack 27).

use serde_json::json;

use super::estate::{
    app, app_with, ask, ask_and_allow, code_of, error_page, refused, resume, sent_to_sign_in, sign_in,
    signed_in, user,
};
use crate::account::browser::{Browser, form_of, form_to};
use crate::account::persons::{PASSWORD, person_with_password};
use crate::world::World;

fn expired() -> (u16, String) {
    (400, "interaction_expired".to_owned())
}

#[actix_web::test]
async fn attack_26_an_answer_counts_once() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    for (first, second) in [("deny", "allow"), ("deny", "deny"), ("allow", "allow"), ("allow", "deny")] {
        let form = form_of(&ask(&browser, &app.client_id, &[("prompt", "consent")]).await, "consent-form");
        let answer = browser.send_form(&form, &[("decision", first)]).await;
        match first {
            "allow" => drop(code_of(&answer)),
            _ => assert_eq!(refused(&answer), "access_denied"),
        }
        let again = browser.send_form(&form, &[("decision", second)]).await;
        assert_eq!(error_page(&again), expired(), "{first}, then {second}");
    }
}

#[actix_web::test]
async fn attack_26_an_answer_does_not_undo_that_the_consent_was_taken_back() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = Browser::new(&world);
    person_with_password(&world, "ada").await;
    let interaction = sent_to_sign_in(&ask(&browser, &app.client_id, &[]).await);
    browser.sign_in("ada", PASSWORD).await;
    let form = form_of(&resume(&browser, &interaction).await, "consent-form");
    code_of(&browser.send_form(&form, &[("decision", "allow")]).await);

    let page = browser.get("/account").await;
    let (_, rest) = page.text().split_once("action=\"/account/consents/").unwrap();
    let action = format!("/account/consents/{}", rest.split('"').next().unwrap());
    assert_eq!(browser.send_form(&form_to(&page, &action), &[]).await.status, 303);

    let again = browser.send_form(&form, &[("decision", "allow")]).await;
    assert_eq!(error_page(&again), expired());
    let asked_anew = resume(&browser, &interaction).await;
    assert_eq!(asked_anew.status, 200, "the request is a question again: {}", asked_anew.text());
    assert_eq!(refused(&ask(&browser, &app.client_id, &[("prompt", "none")]).await), "consent_required");
    code_of(&browser.submit(&asked_anew, "consent-form", &[("decision", "allow")]).await);
}

/// What a decision depends on has changed, so that the answer was not used.
#[actix_web::test]
async fn an_answer_that_led_to_another_question_is_not_used_up() {
    let world = World::new().await;
    let app = app(&world).await;
    let ada = user(&world, "ada", "internal").await;
    let browser = signed_in(&world, &ada);
    let form = form_of(&ask(&browser, &app.client_id, &[]).await, "consent-form");
    let (path, off, on) = (format!("/api/v1/users/{ada}"), "disable", "enable");
    world.operated("POST", &format!("{path}/{off}"), None).await;
    sent_to_sign_in(&browser.send_form(&form, &[("decision", "allow")]).await);
    world.operated("POST", &format!("{path}/{on}"), None).await;
    sent_to_sign_in(&browser.send_form(&form, &[("decision", "allow")]).await);
}

#[actix_web::test]
async fn attack_27_an_interaction_counts_in_the_browser_in_which_it_was_begun() {
    let world = World::new().await;
    let app = app(&world).await;
    let ada = user(&world, "ada", "internal").await;
    let known = signed_in(&world, &ada);
    code_of(&ask_and_allow(&known, &app.client_id, &[]).await);
    for asked in [("prompt", "login"), ("max_age", "0"), ("acr_values", "urn:turnkeep:acr:2")] {
        let stranger = Browser::new(&world);
        let theirs = sent_to_sign_in(&ask(&stranger, &app.client_id, &[asked]).await);
        world.advance(10);
        let browser = signed_in(&world, &ada);
        // Somebody signed in here after a stranger had asked elsewhere: that was not for this request.
        let own = sent_to_sign_in(&resume(&browser, &theirs).await);
        world.advance(10);
        sign_in(&world, &browser, &ada);
        let still = sent_to_sign_in(&resume(&browser, &theirs).await);
        code_of(&resume(&browser, &own).await);
        // The way out of a foreign interaction is to sign in once more.
        world.advance(10);
        sign_in(&world, &browser, &ada);
        code_of(&resume(&browser, &still).await);
    }
}

#[actix_web::test]
async fn attack_27_a_forged_mark_of_a_browser_is_none() {
    let world = World::new().await;
    let app = app(&world).await;
    let ada = user(&world, "ada", "internal").await;
    code_of(&ask_and_allow(&signed_in(&world, &ada), &app.client_id, &[]).await);
    let browser = Browser::new(&world);
    let interaction = sent_to_sign_in(&ask(&browser, &app.client_id, &[("prompt", "login")]).await);
    let mark = browser.cookie("__Host-turnkeep-form").unwrap();
    assert!(!interaction.contains(&mark));
    world.advance(10);
    sign_in(&world, &browser, &ada);
    for planted in ["", "x", &mark.to_ascii_lowercase(), &"A".repeat(mark.len())] {
        browser.plant("__Host-turnkeep-form", planted);
        sent_to_sign_in(&resume(&browser, &interaction).await);
    }
    browser.plant("__Host-turnkeep-form", &mark);
    code_of(&resume(&browser, &interaction).await);
}

/// A form of another site brings no cookie along, so that nothing of the browser is known yet.
#[actix_web::test]
async fn a_request_by_post_begins_where_the_browser_shows_itself() {
    let world = World::new().await;
    let app = app(&world).await;
    let ada = user(&world, "ada", "internal").await;
    let browser = signed_in(&world, &ada);
    code_of(&ask_and_allow(&browser, &app.client_id, &[]).await);
    let body = super::estate::query(&app.client_id, &[("prompt", "login")]);
    let cross_site = world.send(crate::world::requests::form("/connect/authorize", &body)).await;
    assert_eq!(cross_site.header("set-cookie"), None, "the browser may have one already");
    world.advance(10);
    sign_in(&world, &browser, &ada);
    let interaction = sent_to_sign_in(&browser.get(cross_site.header("location").unwrap()).await);
    world.advance(10);
    sign_in(&world, &browser, &ada);
    code_of(&resume(&browser, &interaction).await);
}

#[actix_web::test]
async fn an_app_that_has_to_ask_every_time_gets_one_code_for_one_answer() {
    let world = World::new().await;
    let native = json!({"client_type": "public", "login_redirect_uris": ["http://127.0.0.1/cb"]});
    let app = app_with(&world, "Native", native).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let page = ask(&browser, &app.client_id, &[("redirect_uri", "http://127.0.0.1:4711/cb")]).await;
    let first = browser.submit(&page, "consent-form", &[("decision", "allow")]).await;
    assert!(first.header("location").unwrap().starts_with("http://127.0.0.1:4711/cb?code=tkac_"));
    assert_eq!(error_page(&browser.submit(&page, "consent-form", &[("decision", "allow")]).await), expired());
}

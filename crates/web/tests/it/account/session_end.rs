//! What people notice of a session that ends for want of a request: what they sent in it was not done, and how the script of
//! the pages sees to it that it does not come to that (WCAG 2.2.1).

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use turnkeep_console::sign_in::SignInMessage;

use super::browser::{Browser, csrf_of, link_of, message_of};
use super::pages::assert_page;
use super::persons::{PASSWORD, person_with_password, signed_in};
use crate::world::World;
use crate::world::requests::request;

const AFTER_END: &str = "/account/sign-in?ended=1";

/// Until a session is over that nobody uses.
const IDLE: u64 = 30 * 60;

/// Until one is over in any case.
const LONGEST: u64 = 12 * 3_600;

#[actix_web::test]
async fn who_sends_something_in_a_session_that_is_over_hears_that_it_was_not_done() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    for path in ["/account/password", "/account/tokens", "/account/passkeys/options", "/dashboard/plans/new"]
    {
        let ada = signed_in(&world, "ada").await;
        let csrf = csrf_of(&ada.get("/account").await);
        world.advance(IDLE);
        let sent = ada.post(path, &[("csrf", &csrf), ("name", "what was typed")]).await;
        assert_eq!((sent.status, sent.header("location")), (303, Some(AFTER_END)), "{path}");
        assert_page(&sent);

        let page = ada.get(AFTER_END).await;
        assert_eq!((page.status, message_of(&page).as_deref()), (200, Some("session_over")), "{path}");
        assert!(page.text().contains(SignInMessage::SessionOver.phrase()), "{}", page.text());
        let right = [("user_name", "ada"), ("password", PASSWORD)];
        let wrong = ada.submit(&page, "sign-in-form", &[("user_name", "ada"), ("password", "no")]).await;
        assert_eq!(message_of(&wrong).as_deref(), Some("sign_in_refused"), "it is said once");
        let back = ada.submit(&wrong, "sign-in-form", &right).await;
        assert_eq!((back.status, back.header("location")), (303, Some("/account")), "{path}");
    }
}

#[actix_web::test]
async fn who_only_looks_or_signs_out_after_the_end_hears_nothing_of_it() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let ada = signed_in(&world, "ada").await;
    let csrf = csrf_of(&ada.get("/account").await);
    world.advance(IDLE);
    let path = "/dashboard/search?q=in";
    for request in [TestRequest::get().uri(path), request("HEAD", path)] {
        let sent = ada.send(request).await;
        let location = sent.header("location").unwrap();
        assert!(!location.contains("ended"), "{location}");
        let page = ada.get(location).await;
        assert_eq!((page.status, message_of(&page)), (200, None), "{location}");
    }
    let sent = ada.get(path).await;
    assert!(sent.header("location").unwrap().starts_with("/account/sign-in?interaction="));
    assert_eq!(ada.get("/account").await.header("location"), Some("/account/sign-in"));
    let left = ada.post("/account/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!((left.status, left.header("location")), (303, Some("/account/sign-in")));
}

#[actix_web::test]
async fn who_had_no_session_is_not_told_that_it_has_ended() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let visitor = Browser::new(&world);
    for path in ["/account/password", "/dashboard/plans/new"] {
        let sent = visitor.post(path, &[("name", "x")]).await;
        assert_eq!((sent.status, sent.header("location")), (303, Some("/account/sign-in")), "{path}");
    }
    for query in ["ended=1", "ended=%3Cscript%3Eevil.example"] {
        let page = visitor.get(&format!("/account/sign-in?{query}")).await;
        assert_eq!((page.status, message_of(&page)), (200, None), "{query}");
        assert!(!page.text().contains("evil"), "{query}");
    }
    let ada = signed_in(&world, "ada").await;
    let page = ada.get(AFTER_END).await;
    assert_eq!((page.status, page.header("location")), (303, Some("/account")), "it goes on");
    world.advance(IDLE);
    let page = ada.get("/account/sign-in?ended=%3Cscript%3Eevil.example").await;
    assert_eq!(message_of(&page).as_deref(), Some("session_over"));
    assert!(!page.text().contains("evil"), "{}", page.text());
}

async fn present(browser: &Browser<'_>, root: &str) -> Value {
    let answer = browser.get(&format!("{root}/account/session")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_page(&answer);
    answer.json()
}

#[actix_web::test]
async fn a_script_learns_who_is_signed_in_and_that_is_a_request_like_any_other() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let id = person_with_password(&world, "ada").await;
    let ada = signed_in(&world, "ada").await;
    let csrf = csrf_of(&ada.get("/account").await);
    for times in 1..=3 {
        world.advance(IDLE - 60);
        let left = LONGEST - times * (IDLE - 60);
        assert_eq!(present(&ada, "").await, json!({"person": id, "csrf": csrf, "left_seconds": left}));
    }
    assert_eq!(present(&ada, "/i/acme").await, json!({"person": null}));
    assert_eq!(present(&Browser::new(&world), "").await, json!({"person": null}));
    assert_eq!(ada.send(request("HEAD", "/account/session")).await.status, 200);
    assert_eq!(ada.post("/account/session", &[("csrf", &csrf)]).await.status, 405);
    world.advance(IDLE);
    assert_eq!(present(&ada, "").await, json!({"person": null}));
}

#[actix_web::test]
async fn what_was_typed_before_the_end_can_be_sent_after_signing_in_in_another_tab() {
    let world = World::new().await;
    person_with_password(&world, "ada").await;
    let ada = signed_in(&world, "ada").await;
    let former = csrf_of(&ada.get("/account").await);
    world.advance(IDLE);
    ada.sign_in("ada", PASSWORD).await;
    let refused = ada.post("/account/sessions/end-others", &[("csrf", &former)]).await;
    assert_eq!((refused.status, message_of(&refused).as_deref()), (403, Some("form_expired")));
    let present = present(&ada, "").await;
    let done = ada.post("/account/sessions/end-others", &[("csrf", present["csrf"].as_str().unwrap())]).await;
    assert_eq!((done.status, done.header("location")), (303, Some("/account?done=session_ended")));
}

#[actix_web::test]
async fn pages_of_who_is_signed_in_say_when_a_session_ends_and_where_it_is_kept() {
    let world = World::new().await;
    let id = person_with_password(&world, "ada").await;
    let ada = signed_in(&world, "ada").await;
    for path in ["/account", "/dashboard"] {
        let page = ada.get(path).await;
        let attributes = [
            format!("data-idle=\"{IDLE}\" data-left=\"{LONGEST}\""),
            "data-path=\"/account/session\"".to_owned(),
            format!("data-person=\"{id}\""),
            "<p id=\"session-status\" role=\"status\"></p>".to_owned(),
        ];
        for text in attributes {
            assert_eq!(page.text().matches(&text).count(), 1, "{path}: {text}");
        }
        assert!(page.text().contains("/account/assets/session."), "{path}");
        let elsewhere = link_of(&page, "sign-in-elsewhere-link");
        assert_eq!(elsewhere.as_deref(), Some("/account/sign-in?again=1"), "{path}");
    }
    let visitors = ada.get("/account/sign-in?again=1").await;
    assert!(!visitors.text().contains("session-notice"), "{}", visitors.text());
}

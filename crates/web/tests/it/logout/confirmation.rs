//! The question: who gets it, and what an answer to it counts for (attacks 28 and 65).

use serde_json::json;

use super::estate::{BACK, Estate};
use crate::account::browser::{Browser, encoded, form_of, message_of};
use crate::account::pages::assert_page;
use crate::authorization::estate::{sign_in, user};
use crate::world::World;
use crate::world::requests::{form, request};

#[actix_web::test]
async fn attack_28_a_link_or_an_image_ends_no_session() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    let client_id = estate.app.client_id.as_str();
    for parameters in [
        &[][..],
        &[("client_id", client_id)],
        &[("client_id", client_id), ("post_logout_redirect_uri", BACK), ("state", "s")],
    ] {
        let page = estate.go(parameters).await;
        assert_eq!((page.status, page.header("location")), (200, None));
        assert!(page.text().contains("id=\"sign-out-form\""));
        assert_eq!(page.header("set-cookie"), None);
        assert_page(&page);
        // Sent with the cookie, as if a browser knew no SameSite.
        let posted = estate.browser.post("/connect/endsession", parameters).await;
        assert_eq!(posted.status, 200, "{}", posted.text());
    }
    assert!(estate.is_signed_in(&estate.browser.session().unwrap()).await);
    assert_eq!(estate.refresh().await.status, 200);
    let head = estate.browser.send(request("HEAD", "/connect/endsession")).await;
    assert_eq!((head.status, head.header("allow")), (405, Some("GET, POST")));
}

#[actix_web::test]
async fn whoever_agrees_is_signed_out_and_goes_back_to_the_app() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    let asked =
        [("client_id", estate.app.client_id.as_str()), ("post_logout_redirect_uri", BACK), ("state", "s")];
    let page = estate.go(&asked).await;
    assert!(page.text().contains("<strong id=\"app-name\">Portal</strong>"), "{}", page.text());
    assert!(page.text().contains("<strong id=\"user-name\">ada</strong>"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.ends_with("form-action 'self' https://app.example.com"), "{policy}");
    let answer = estate.browser.submit(&page, "sign-out-form", &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(answer.header("location"), Some(format!("{BACK}&state=s").as_str()));
    assert_eq!(estate.browser.session(), None);
    assert_eq!(estate.refresh().await.status, 400);
    assert_page(&answer);
}

#[actix_web::test]
async fn without_a_place_to_go_back_to_forms_lead_nowhere_else() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    let page = estate.go(&[("client_id", &estate.app.client_id)]).await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("form-action 'self'") && !policy.contains("example.com"), "{policy}");
    let answer = estate.browser.submit(&page, "sign-out-form", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/account/signed-out")));
}

#[actix_web::test]
async fn an_id_token_of_another_session_or_person_is_a_question() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    let before = estate.browser.session().unwrap();
    let bob = user(&world, "bob", "internal").await;
    sign_in(&world, &estate.browser, &bob);
    assert!(!estate.is_signed_in(&before).await, "the browser has another session now");
    let page = estate.go(&[("id_token_hint", &estate.id_token), ("post_logout_redirect_uri", BACK)]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("<strong id=\"user-name\">bob</strong>"));
    assert!(estate.is_signed_in(&estate.browser.session().unwrap()).await);
}

#[actix_web::test]
async fn attack_65_only_the_form_of_this_browser_counts() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    let page = estate.go(&[("client_id", &estate.app.client_id)]).await;
    let made = form_of(&page, "sign-out-form");
    let interaction = &made.hidden.iter().find(|(name, _)| name == "interaction").unwrap().1;
    let csrf = &made.hidden.iter().find(|(name, _)| name == "csrf").unwrap().1;
    let attacker = estate.other("mallory").await;
    let theirs = form_of(&attacker.get("/connect/endsession").await, "sign-out-form");
    let foreign = &theirs.hidden.iter().find(|(name, _)| name == "csrf").unwrap().1;
    for fields in [
        &[("interaction", interaction.as_str())][..],
        &[("interaction", interaction), ("csrf", "")],
        &[("interaction", interaction), ("csrf", foreign)],
    ] {
        let answer = estate.browser.post(&made.action, fields).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (403, Some("form_expired")));
    }
    let body = encoded(&[("interaction", interaction), ("csrf", csrf)]);
    let elsewhere = form(&made.action, &body).insert_header(("Origin", "https://evil.example"));
    assert_eq!(estate.browser.send(elsewhere).await.status, 403);
    for interaction in ["", "abc", &interaction.to_lowercase()] {
        let answer = estate.browser.post(&made.action, &[("interaction", interaction), ("csrf", csrf)]).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (400, Some("interaction_expired")));
    }
    assert!(estate.is_signed_in(&estate.browser.session().unwrap()).await);
}

#[actix_web::test]
async fn a_question_is_open_for_an_hour_and_about_the_session_it_was_asked_about() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    let page = estate.go(&[]).await;
    let made = form_of(&page, "sign-out-form");
    let interaction = made.hidden.iter().find(|(name, _)| name == "interaction").unwrap().1.clone();
    // Somebody else signs in meanwhile, and gets the old question sent with a token of their own.
    sign_in(&world, &estate.browser, &user(&world, "bob", "internal").await);
    let own = form_of(&estate.go(&[]).await, "sign-out-form");
    let asked_again = estate.browser.send_form(&own, &[("interaction", &interaction)]).await;
    assert_eq!(asked_again.status, 200, "{}", asked_again.text());
    assert!(asked_again.text().contains("<strong id=\"user-name\">bob</strong>"));
    // The resumed request is no answer to a question either.
    let resumed = estate.browser.get(&format!("/connect/endsession/resume?interaction={interaction}")).await;
    assert_eq!(resumed.status, 200);
    let mut minutes = 0;
    while minutes < 60 {
        world.advance(20 * 60);
        minutes += 20;
        estate.browser.get("/account").await;
    }
    let late = estate.browser.send_form(&own, &[]).await;
    assert_eq!((late.status, message_of(&late).as_deref()), (400, Some("interaction_expired")));
}

#[actix_web::test]
async fn the_page_of_another_instance_knows_nobody_of_this_one() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let handle = estate.browser.session().unwrap();
    estate.browser.plant("__Host-turnkeep-session-acme", &handle);
    let answer = estate.browser.get("/i/acme/connect/endsession").await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/i/acme/account/signed-out")));
    assert!(estate.is_signed_in(&handle).await);
    let nowhere = Browser::new(&world).get("/i/nobody/connect/endsession").await;
    assert_eq!((nowhere.status, message_of(&nowhere).as_deref()), (404, Some("not_found")));
}

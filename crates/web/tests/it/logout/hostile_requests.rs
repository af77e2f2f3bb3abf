//! Requests that cannot be trusted: each ends on a page of ours, and no session ends (attacks 9, 17 and 36).

use serde_json::json;

use super::estate::{BACK, Estate};
use crate::account::browser::{Browser, encoded, message_of};
use crate::account::pages::assert_page;
use crate::authorization::estate::app_with;
use crate::authorization::hostile_redirects::tricks;
use crate::world::World;
use crate::world::answer::Answer;
use crate::world::requests::form;

#[track_caller]
fn assert_refused(answer: &Answer, what: &str) {
    let expected = (400, Some("logout_invalid"));
    assert_eq!((answer.status, message_of(answer).as_deref()), expected, "{what}: {}", answer.text());
    assert_eq!(answer.header("location"), None, "{what}");
    assert_eq!(answer.header("set-cookie"), None, "{what}");
    assert_page(answer);
}

#[actix_web::test]
async fn attack_17_no_trick_leads_off_the_site() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    let tricks = tricks();
    assert!(298 <= tricks.len(), "{}", tricks.len());
    for trick in tricks
        .iter()
        .chain(&["https://app.example.com/bye".to_owned(), "https://app.example.com/cb".to_owned()])
    {
        let answer =
            estate.go(&[("id_token_hint", &estate.id_token), ("post_logout_redirect_uri", trick)]).await;
        assert_refused(&answer, trick);
    }
    let signed_out = Browser::new(&world);
    for trick in &tricks {
        let parameters = [("client_id", estate.app.client_id.as_str()), ("post_logout_redirect_uri", trick)];
        let answer = signed_out.get(&format!("/connect/endsession?{}", encoded(&parameters))).await;
        assert_refused(&answer, trick);
    }
    let of_nobody = estate.go(&[("post_logout_redirect_uri", BACK)]).await;
    assert_refused(&of_nobody, "nobody's");
    let other = app_with(&world, "Other", json!({})).await;
    let of_another = estate.go(&[("client_id", &other.client_id), ("post_logout_redirect_uri", BACK)]).await;
    assert_refused(&of_another, "another app's");
    assert!(estate.is_signed_in(&estate.browser.session().unwrap()).await);
}

#[actix_web::test]
async fn attacks_9_and_36_what_is_no_id_token_of_this_issuer_is_no_hint() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    let (signing_input, signature) = estate.id_token.rsplit_once('.').unwrap();
    let (header, payload) = signing_input.split_once('.').unwrap();
    let none = "eyJhbGciOiJub25lIn0";
    for (what, hint) in [
        ("an access token", estate.access_token.clone()),
        ("a refresh token", estate.refresh_token.clone()),
        ("unsigned", format!("{signing_input}.")),
        ("alg none", format!("{none}.{payload}.")),
        ("another signature", format!("{signing_input}.{}", signature.chars().rev().collect::<String>())),
        ("another payload", format!("{header}.{header}.{signature}")),
        ("text", "hint".to_owned()),
    ] {
        let parameters = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BACK)];
        assert_refused(&estate.go(&parameters).await, what);
        let posted = estate.browser.post("/connect/endsession", &parameters).await;
        assert_refused(&posted, what);
    }
    let other = app_with(&world, "Other", json!({})).await;
    for client_id in [other.client_id.as_str(), "com.example/nobody"] {
        let parameters = [("id_token_hint", estate.id_token.as_str()), ("client_id", client_id)];
        assert_refused(&estate.go(&parameters).await, client_id);
    }
    assert!(estate.is_signed_in(&estate.browser.session().unwrap()).await);
}

#[actix_web::test]
async fn attack_9_the_id_token_of_one_instance_says_nothing_at_another() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let path = format!("/i/acme/connect/endsession?{}", encoded(&[("id_token_hint", &estate.id_token)]));
    assert_refused(&estate.browser.get(&path).await, "at another instance");
    assert!(estate.is_signed_in(&estate.browser.session().unwrap()).await);
}

#[actix_web::test]
async fn what_is_said_twice_or_is_too_long_or_no_form_is_refused() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    let long = "s".repeat(14_001);
    for (request, expected) in [
        (estate.go(&[("state", "a"), ("state", "a")]).await, (400, Some("duplicate_parameter"))),
        (estate.go(&[("client_id", "a"), ("client_id", "b")]).await, (400, Some("duplicate_parameter"))),
        (estate.go(&[("state", &long)]).await, (413, Some("too_large"))),
        (
            estate.browser.send(form("/connect/endsession", "state=a&state=b")).await,
            (400, Some("duplicate_parameter")),
        ),
        (
            estate.browser.send(form("/connect/endsession", &"x".repeat(70_000))).await,
            (413, Some("too_large")),
        ),
    ] {
        assert_eq!((request.status, message_of(&request).as_deref()), expected);
        assert_eq!(request.header("location"), None);
    }
    assert!(estate.is_signed_in(&estate.browser.session().unwrap()).await);
}

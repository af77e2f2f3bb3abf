//! What the app gets back, and how.

use serde_json::json;

use super::estate::{
    REDIRECT, app, app_with, ask, ask_and_allow, code_of, refused, sent_to, signed_in, user,
};
use crate::account::browser::{Browser, form_of};
use crate::account::pages::assert_page;
use crate::world::World;

/// 1,200 characters that mean something to somebody.
fn odd_state() -> String {
    let odd = "a b+c%20&state=x;'\"<>\\/#?=\u{e9}\u{1F600}\u{202e}\u{feff}\0\r\n\t{}[]|^`~";
    odd.chars().cycle().take(1_200).collect()
}

#[actix_web::test]
async fn the_state_comes_back_byte_for_byte_in_every_answer() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let state = odd_state();
    let changes = [("state", state.as_str())];
    let allowed = ask_and_allow(&browser, &app.client_id, &changes).await;
    code_of(&allowed);
    assert_eq!(sent_to(&allowed, REDIRECT).take("state").as_deref(), Some(state.as_str()));
    assert!(allowed.header("location").unwrap().is_ascii());
    let denied = ask(&browser, &app.client_id, &[("state", &state), ("scope", "sec")]).await;
    assert_eq!(refused(&denied), "invalid_scope");
    assert_eq!(sent_to(&denied, REDIRECT).take("state").as_deref(), Some(state.as_str()));
    let without = ask(&browser, &app.client_id, &[("state", "")]).await;
    assert!(!without.header("location").unwrap().contains("state"));
}

#[actix_web::test]
async fn a_state_has_4096_bytes_at_most() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    for odd in ["x", "\0", "%"] {
        let longest = odd.repeat(4_096);
        let answer = ask_and_allow(&browser, &app.client_id, &[("state", &longest)]).await;
        assert_eq!(sent_to(&answer, REDIRECT).take("state"), Some(longest.clone()));
        let longer = format!("{longest}x");
        let answer = ask(&browser, &app.client_id, &[("state", &longer)]).await;
        assert_eq!(refused(&answer), "invalid_request");
        assert_eq!(sent_to(&answer, REDIRECT).take("state"), None);
    }
}

#[actix_web::test]
async fn the_answer_comes_behind_the_query_of_the_registration() {
    let world = World::new().await;
    let registered = "https://app.example.com/cb?tenant=1,2&x=%41";
    let app = app_with(&world, "Query", json!({"login_redirect_uris": [registered]})).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let answer = ask_and_allow(&browser, &app.client_id, &[("redirect_uri", registered)]).await;
    let location = answer.header("location").unwrap();
    assert!(location.starts_with(&format!("{registered}&code=tkac_")), "{location}");
}

#[actix_web::test]
async fn attack_23_every_answer_says_which_issuer_it_is_from() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    world.furnish("/i/acme").await;
    let tenant_id = world.tenant("/i/acme", "Tenant").await;
    let members = json!({
        "scopes": "read",
        "sign_in": {"internal": true, "community": false},
        "login_redirect_uris": [REDIRECT],
    });
    let app = world.app_at("/i/acme", &tenant_id, "Portal", members).await;
    let asked = super::estate::query(&app.client_id, &[("scope", "sec")]);
    let answer = world
        .send(actix_web::test::TestRequest::get().uri(&format!("/i/acme/connect/authorize?{asked}")))
        .await;
    let mut sent = sent_to(&answer, REDIRECT);
    assert_eq!(sent.take("iss").as_deref(), Some("https://id.example.com/i/acme"));
}

#[actix_web::test]
async fn a_form_brings_the_answer_where_that_is_asked_for() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    ask_and_allow(&browser, &app.client_id, &[]).await;
    let state = "\"><script>alert(1)</script>&'";
    let asked = [("response_mode", "form_post"), ("state", state)];
    let page = ask(&browser, &app.client_id, &asked).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_page(&page);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.ends_with("form-action 'self' https://app.example.com"), "{policy}");
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    let form = form_of(&page, "form-post");
    assert_eq!(form.action, REDIRECT);
    // There is a way on whether scripts are allowed or not, and also if the script does not arrive.
    let (_, shown) = page.text().split_once("id=\"form-post\"").unwrap();
    assert!(!page.text().contains("<noscript"), "{}", page.text());
    assert!(shown.contains("<button class=\"primary\" id=\"continue\" type=\"submit\">"), "{shown}");
    let names: Vec<_> = form.hidden.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["code", "state", "iss"]);
    assert_eq!(form.hidden[1].1, state);
    assert!(form.hidden[0].1.starts_with("tkac_"));

    let denied = ask(&browser, &app.client_id, &[("response_mode", "form_post"), ("scope", "sec")]).await;
    let form = form_of(&denied, "form-post");
    assert_eq!(form.hidden[0], ("error".to_owned(), "invalid_scope".to_owned()));
}

#[actix_web::test]
async fn an_answer_without_a_person_goes_the_way_that_was_asked_for() {
    let world = World::new().await;
    let app = app(&world).await;
    let visitor = Browser::new(&world);
    for (mode, expected) in [("", 303), ("query", 303), ("form_post", 200), ("fragment", 303)] {
        let asked = [("response_mode", mode), ("prompt", "none")];
        assert_eq!(ask(&visitor, &app.client_id, &asked).await.status, expected, "{mode}");
    }
}

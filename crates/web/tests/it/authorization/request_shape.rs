//! Requests that are not what they should be, and methods that are not served.

use actix_web::test::TestRequest;
use serde_json::json;

use super::estate::{
    REDIRECT, app, ask, error_page, query, refused, sent_to, sent_to_sign_in, signed_in, user,
};
use crate::account::browser::{Browser, encoded};
use crate::account::pages::assert_page;
use crate::world::World;
use crate::world::requests::{form, request};

#[actix_web::test]
async fn attack_20_a_parameter_that_is_there_twice() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let usual = query(&app.client_id, &[]);
    for (more, expected) in [
        (format!("client_id={}", app.client_id), None),
        ("client_id=other".to_owned(), None),
        ("client_id=".to_owned(), None),
        ("%63lient_id=other".to_owned(), None),
        (encoded(&[("redirect_uri", REDIRECT)]), None),
        ("redirect_uri=https%3A%2F%2Fevil.example%2F".to_owned(), None),
        ("redirect_uri=".to_owned(), None),
        ("scope=openid".to_owned(), Some("s-1")),
        ("response_type=code".to_owned(), Some("s-1")),
        ("unknown=1&unknown=2".to_owned(), Some("s-1")),
        ("response_mode=form_post&response_mode=form_post".to_owned(), Some("s-1")),
        // Which of two states would be returned, nobody knows.
        ("state=s-1".to_owned(), Some("")),
        ("state=s-2".to_owned(), Some("")),
    ] {
        let by_get = browser.get(&format!("/connect/authorize?{usual}&{more}")).await;
        let by_post = browser.send(form("/connect/authorize", &format!("{usual}&{more}"))).await;
        for answer in [by_get, by_post] {
            match expected {
                None => {
                    assert_eq!(error_page(&answer), (400, "duplicate_parameter".to_owned()), "{more}");
                }
                Some(state) => {
                    assert_eq!(refused(&answer), "invalid_request", "{more}");
                    let state = Some(state.to_owned()).filter(|state| !state.is_empty());
                    assert_eq!(sent_to(&answer, REDIRECT).take("state"), state, "{more}");
                }
            }
        }
    }
}

#[actix_web::test]
async fn what_is_unknown_or_empty_is_not_looked_at() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let usual = query(&app.client_id, &[]);
    for more in [
        "unknown=1",
        "prompt=&max_age=&nonce=&resource=&login_hint=&request=&request_uri=&response_mode=&id_token_hint=",
        "claims=%7B%22userinfo%22%3A%7B%7D%7D",
        "acr_values=phr+urn%3Amace%3Aincommon%3Aiap%3Asilver",
        "ui_locales=de+en&display=popup&audience=x",
        "&&",
    ] {
        let answer = browser.get(&format!("/connect/authorize?{usual}&{more}")).await;
        assert_eq!(answer.status, 200, "{more}: {}", answer.text());
        assert!(answer.text().contains("id=\"consent-form\""));
    }
}

#[actix_web::test]
async fn malformed_requests_are_answered_where_that_is_possible() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let usual = query(&app.client_id, &[]);
    let many = (0..100).map(|number| format!("p{number}=1")).collect::<Vec<_>>().join("&");
    for more in ["x=%", "x=%zz", "x=%ff", "%ff=1", "x=%ED%A0%80", many.as_str()] {
        let answer = browser.get(&format!("/connect/authorize?{usual}&{more}")).await;
        assert_eq!(refused(&answer), "invalid_request", "{more}");
    }
    for (query, code) in [
        ("client_id=%ff", "duplicate_parameter"),
        ("", "unknown_client"),
        (&*format!("client_id={}&redirect_uri=%ff", app.client_id), "duplicate_parameter"),
        (&*format!("{many}&{usual}"), "unknown_client"),
    ] {
        let answer = browser.get(&format!("/connect/authorize?{query}")).await;
        assert_eq!(error_page(&answer), (400, code.to_owned()), "{query}");
    }
}

#[actix_web::test]
async fn attack_29_odd_ages_and_hints_do_no_harm() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    for age in ["-1", "1e9", "abc", "0.5", "+1", "1 ", "99999999999999999999", "١", "0x1"] {
        let answer = ask(&browser, &app.client_id, &[("max_age", age)]).await;
        assert_eq!(refused(&answer), "invalid_request", "{age}");
    }
    assert_eq!(ask(&browser, &app.client_id, &[("max_age", "999999999")]).await.status, 200);
    sent_to_sign_in(&ask(&browser, &app.client_id, &[("max_age", "0")]).await);

    let visitor = Browser::new(&world);
    let script = "\"><script>alert(1)</script>";
    let interaction = sent_to_sign_in(&ask(&visitor, &app.client_id, &[("login_hint", script)]).await);
    let page = visitor.get(&format!("/account/sign-in?interaction={interaction}")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(!page.text().contains("<script>alert"), "{}", page.text());
    let long = "x".repeat(5_000);
    sent_to_sign_in(&ask(&visitor, &app.client_id, &[("login_hint", &long)]).await);
}

#[actix_web::test]
async fn only_get_and_post_are_served() {
    let world = World::new().await;
    let app = app(&world).await;
    let asked = format!("/connect/authorize?{}", query(&app.client_id, &[]));
    for (method, path, allowed) in [
        ("HEAD", asked.as_str(), "GET, POST"),
        ("PUT", &asked, "GET, POST"),
        ("DELETE", &asked, "GET, POST"),
        ("OPTIONS", &asked, "GET, POST"),
        ("POST", "/connect/authorize/resume?interaction=x", "GET"),
        ("HEAD", "/connect/authorize/resume?interaction=x", "GET"),
        ("GET", "/connect/consent", "POST"),
        ("PUT", "/connect/consent", "POST"),
    ] {
        let answer = world.send(request(method, path)).await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some(allowed)), "{method} {path}");
        assert_page(&answer);
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

#[actix_web::test]
async fn a_body_is_a_form_of_bounded_size() {
    let world = World::new().await;
    let app = app(&world).await;
    let usual = query(&app.client_id, &[]);
    for (request, status) in [
        (form("/connect/authorize", &format!("{usual}&x={}", "x".repeat(70_000))), 413),
        (TestRequest::post().uri("/connect/authorize").set_json(json!({"client_id": app.client_id})), 415),
        (TestRequest::post().uri("/connect/authorize").set_payload(usual.clone()), 415),
    ] {
        let answer = world.send(request).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("location"), None);
    }
    let large = ask(&Browser::new(&world), &app.client_id, &[("id_token_hint", &"x".repeat(14_000))]).await;
    assert_eq!(refused(&large), "invalid_request");
}

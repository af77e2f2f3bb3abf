//! What every page has, whatever it is about: headers, cookies, and error pages without anything of the request.

use actix_web::test::TestRequest;
use serde_json::json;

use super::browser::{Browser, message_of};
use crate::world::answer::Answer;
use crate::world::requests::{form, request};
use crate::world::{BASE_URL, World};

/// Looks at the headers that all pages have (ASVS 3.4).
#[track_caller]
pub(crate) fn assert_page(answer: &Answer) {
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}: {}", answer.text());
    }
    let policy = answer.header("content-security-policy").unwrap();
    for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]
    {
        assert!(policy.contains(directive), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")));
}

#[actix_web::test]
async fn every_page_has_the_headers_of_pages_also_where_it_is_an_error() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    for (request, status, code) in [
        (TestRequest::get().uri("/account/sign-in"), 200, None),
        (TestRequest::get().uri("/account/nowhere"), 404, Some("not_found")),
        (TestRequest::get().uri("/account/"), 404, Some("not_found")),
        (TestRequest::get().uri("/account/assets/nothing.css"), 404, Some("not_found")),
        (TestRequest::get().uri("/i/nobody/account/sign-in"), 404, Some("not_found")),
        (TestRequest::get().uri("/i/default/account/sign-in"), 404, Some("not_found")),
        (request("DELETE", "/account/sign-in"), 405, Some("method_not_allowed")),
        (request("PUT", "/account"), 405, Some("method_not_allowed")),
        (TestRequest::get().uri("/account/sign-in?a=1&a=2"), 400, Some("duplicate_parameter")),
        (TestRequest::get().uri("/account/sign-in?interaction=abc"), 400, Some("interaction_expired")),
        (form("/account/sign-in", &"x".repeat(70_000)), 413, Some("too_large")),
        (TestRequest::get().uri("/account/sign-in?a=%ff"), 400, Some("malformed_request")),
        (form("/account/sign-in", "a=%zz"), 400, Some("malformed_request")),
        (request("POST", "/account/sign-in").set_payload("{}"), 415, Some("malformed_request")),
    ] {
        let answer = browser.send(request).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (status, code), "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        assert_page(&answer);
    }
    let refused = browser.send(request("DELETE", "/account/sign-in")).await;
    assert_eq!(refused.header("allow"), Some("GET, HEAD, POST"));
}

#[actix_web::test]
async fn an_error_page_shows_the_id_of_the_request_and_nothing_else_of_it() {
    let world = World::new().await;
    let path = "/account/%3Cscript%3Ealert(1)%3C/script%3E?x=%3Cscript%3E";
    let answer = Browser::new(&world).called("<script>alert(2)</script>").get(path).await;
    assert_eq!(answer.status, 404);
    assert!(!answer.text().contains("alert("), "{}", answer.text());
    let id = answer.header("x-request-id").unwrap();
    assert!(answer.text().contains(&format!("<code id=\"request-id\">{id}</code>")), "{}", answer.text());
}

#[actix_web::test]
async fn pages_are_those_of_their_instance() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme & <Sons>"})).await;
    let answer = Browser::new(&world).get("/i/acme/account/sign-in").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("Acme &#38; &#60;Sons&#62;"), "{}", answer.text());
    assert!(answer.text().contains("action=\"/i/acme/account/sign-in\""));
    assert!(answer.text().contains("href=\"/i/acme/account/assets/turnkeep."));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-turnkeep-form-acme="), "{cookie}");
    let lost = Browser::new(&world).get("/i/acme/account/nowhere").await;
    assert!(lost.text().contains("href=\"/i/acme/account/assets/turnkeep."), "{}", lost.text());
}

#[actix_web::test]
async fn pages_have_the_accent_that_was_chosen_for_their_instance_from_the_next_request_on() {
    let world = World::new().await;
    let made = world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let path = format!("/api/v1/instances/{}", made["id"].as_str().unwrap());
    let browser = Browser::new(&world);
    for accent in ["blue", "teal", "amber"] {
        world.operated("PATCH", &path, Some(json!({"accent": accent}))).await;
        let class = format!("<body class=\"accent-{accent}\">");
        for (request, status) in [
            (TestRequest::get().uri("/i/acme/account/sign-in"), 200),
            (TestRequest::get().uri("/i/acme/account/forgotten"), 200),
            (TestRequest::get().uri("/i/acme/account/sign-in?interaction=abc"), 400),
            (TestRequest::get().uri("/i/acme/connect/authorize?client_id=nobody"), 400),
            // These end before anybody asks what the instance looks like.
            (TestRequest::get().uri("/i/acme/account/nowhere"), 404),
            (request("DELETE", "/i/acme/account/sign-in"), 405),
        ] {
            let answer = browser.send(request).await;
            assert_eq!(answer.status, status, "{}", answer.text());
            assert!(answer.text().contains(&class), "{accent}: {}", answer.text());
            assert!(answer.text().contains("Acme"), "{}", answer.text());
        }
        let other = browser.get("/account/sign-in").await;
        assert!(other.text().contains("<body class=\"accent-blue\">"), "{}", other.text());
    }
    world.operated("POST", &format!("{path}/disable"), None).await;
    for address in ["/i/acme/account/sign-in", "/i/nobody/account/sign-in", "/i/acme/account/nowhere"] {
        let gone = browser.get(address).await;
        assert_eq!(gone.status, 404);
        assert!(gone.text().contains("<body class=\"accent-blue\">"), "{}", gone.text());
        assert!(!gone.text().contains("Acme"), "{}", gone.text());
    }
}

#[actix_web::test]
async fn the_cookie_of_a_visitor_is_set_once_and_has_all_attributes() {
    let world = World::new().await;
    let browser = Browser::new(&world);
    let first = browser.get("/account/sign-in").await;
    let cookie = first.header("set-cookie").unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax");
    assert_eq!(
        pair.split_once('=').map(|(name, value)| (name, value.len())),
        Some(("__Host-turnkeep-form", 43))
    );
    assert_eq!(browser.get("/account/sign-in").await.header("set-cookie"), None);
    let value = pair.split_once('=').unwrap().1;
    assert!(!first.text().contains(value), "the cookie is not on the page");
}

#[actix_web::test]
async fn style_sheets_and_scripts_are_kept_for_ever() {
    let world = World::new().await;
    let page = Browser::new(&world).get("/account/sign-in").await;
    let html = page.text();
    let (_, rest) = html.split_once("<link rel=\"stylesheet\" href=\"").unwrap();
    let path = rest.split('"').next().unwrap();
    let sheet = world.send(TestRequest::get().uri(path)).await;
    assert_eq!((sheet.status, sheet.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert_eq!(sheet.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(sheet.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(sheet.header("set-cookie"), None);
}

#[actix_web::test]
async fn attack_64_the_host_of_a_request_plays_no_part_in_pages() {
    let world = World::new().await;
    for path in ["/account/sign-in", "/account", "/account/nowhere"] {
        let poisoned = ["Host", "X-Forwarded-Host", "X-Original-Host"]
            .into_iter()
            .fold(TestRequest::get().uri(path), |request, name| {
                request.insert_header((name, "evil.example"))
            });
        let answer = world.send(poisoned).await;
        let everything = format!("{:?} {}", answer.headers, answer.text());
        assert!(!everything.contains("evil.example"), "{everything}");
        assert!(!answer.header("location").is_some_and(|location| location.contains(BASE_URL)));
    }
}

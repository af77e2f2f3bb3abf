//! The brake on guessing secrets (RFC 6749 §2.3.1).

use actix_web::test::TestRequest;
use turnkeep_guard::client_address::TrustedProxies;
use turnkeep_web::state::WebSettings;

use crate::world::requests::{basic, form};
use crate::world::{TestApp, World, unlimited};

const BODY: &str = "grant_type=client_credentials";

fn attempt(address: &str, app: &TestApp, secret: &str) -> TestRequest {
    form("/connect/token", BODY)
        .insert_header(basic(&app.client_id, secret))
        .peer_addr(format!("{address}:4711").parse().unwrap())
}

#[actix_web::test]
async fn guessing_is_slowed_down_for_the_one_who_guesses_only() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    for _ in 0..20 {
        let answer = world.send(attempt("192.0.2.1", &app, "wrong")).await;
        assert_eq!(answer.oauth_error(), (401, "invalid_client".to_owned()));
    }
    // Even the right secret has to wait there, or the answer would tell which one is right.
    for secret in ["wrong", &app.secret] {
        let answer = world.send(attempt("192.0.2.1", &app, secret)).await;
        assert_eq!(answer.oauth_error(), (429, "temporarily_unavailable".to_owned()));
        let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=3).contains(&wait), "{wait}");
    }
    // The owner is served from another address, and the neighbours of the attacker from the same one.
    assert_eq!(world.send(attempt("198.51.100.7", &app, &app.secret)).await.status, 200);
    let other = world.lone_app("Other").await;
    assert_eq!(world.send(attempt("192.0.2.1", &other, &other.secret)).await.status, 200);
}

#[actix_web::test]
async fn all_endpoints_that_take_a_secret_share_the_brake() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    for number in 0..21 {
        let endpoint = ["/connect/introspect", "/connect/revoke"][number % 2];
        let request = form(endpoint, "token=x").insert_header(basic(&app.client_id, "wrong"));
        let expected = if number < 20 { 401 } else { 429 };
        assert_eq!(world.send(request).await.oauth_error().0, expected, "{number}");
    }
}

#[actix_web::test]
async fn success_and_refusals_that_are_no_guesses_cost_nothing() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    for _ in 0..50 {
        assert_eq!(world.send(attempt("192.0.2.1", &app, &app.secret)).await.status, 200);
        let refused = world.ask_token(&app, "&scope=sec").await;
        assert_eq!(refused.oauth_error(), (400, "invalid_scope".to_owned()));
    }
}

#[actix_web::test]
async fn only_trusted_proxies_tell_where_a_request_comes_from() {
    let trusted_proxies = TrustedProxies::parse("10.0.0.0/8").unwrap();
    let world = World::with(WebSettings { trusted_proxies, ..unlimited() });
    world.furnish("").await;
    let app = world.lone_app("Acme").await;
    let forwarded = |peer: &str, number: u32| {
        attempt(peer, &app, "wrong").insert_header(("X-Forwarded-For", format!("203.0.113.{number}")))
    };
    for number in 0..20 {
        assert_eq!(world.send(forwarded("192.0.2.1", number)).await.status, 401);
    }
    assert_eq!(
        world.send(forwarded("192.0.2.1", 99)).await.status,
        429,
        "a stranger's header counts for nothing"
    );
    for number in 0..25 {
        assert_eq!(world.send(forwarded("10.0.0.1", number)).await.status, 401, "{number}");
    }
}

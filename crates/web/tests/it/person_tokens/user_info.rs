//! The UserInfo endpoint: which tokens it takes, how they are sent, and how it refuses (OpenID Connect Core §5.3, RFC 6750).

use actix_web::test::TestRequest;
use serde_json::json;

use super::estate::{internal, tokens, world};
use crate::authorization::estate::app;
use crate::world::answer::Answer;
use crate::world::requests::{bearer, form, request};

const PATH: &str = "/connect/userinfo";

#[track_caller]
fn assert_open(answer: &Answer) {
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
}

#[actix_web::test]
async fn each_way_to_send_a_token_and_no_other() {
    let world = world().await;
    let app = app(&world).await;
    let ada = internal(&world, "ada").await;
    let body = tokens(&world, &app, &ada, "openid").await;
    let token = body["access_token"].as_str().unwrap();
    let in_form = format!("access_token={token}");
    let header = || bearer(token);
    let ways: [(&str, TestRequest, u16); 9] = [
        ("GET with a header", request("GET", PATH).insert_header(header()), 200),
        ("POST with a header", request("POST", PATH).insert_header(header()), 200),
        ("POST with a form", form(PATH, &in_form), 200),
        ("both at once", form(PATH, &in_form).insert_header(header()), 400),
        ("in the URL", request("GET", &format!("{PATH}?{in_form}")), 400),
        (
            "in the URL and the header",
            request("GET", &format!("{PATH}?{in_form}")).insert_header(header()),
            400,
        ),
        ("twice in a form", form(PATH, &format!("{in_form}&{in_form}")), 400),
        ("a form with GET", form(PATH, &in_form).method(actix_web::http::Method::GET), 401),
        ("another scheme", request("GET", PATH).insert_header(("Authorization", "Basic YTpi")), 401),
    ];
    for (name, request, status) in ways {
        let answer = world.send(request).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
        assert_open(&answer);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{name}");
        match status {
            200 => assert_eq!(answer.json(), json!({"sub": ada}), "{name}"),
            400 => {
                let expected = r#"Bearer realm="turnkeep", error="invalid_request""#;
                assert_eq!(answer.header("www-authenticate"), Some(expected), "{name}");
            }
            _ => {
                let expected = r#"Bearer realm="turnkeep""#;
                assert_eq!(answer.header("www-authenticate"), Some(expected), "{name}");
            }
        }
    }
}

#[actix_web::test]
async fn refusals_are_those_of_bearer_tokens() {
    let world = world().await;
    let app = app(&world).await;
    let ada = internal(&world, "ada").await;
    let without = tokens(&world, &app, &ada, "read").await;
    let service = world.token(&world.lone_app("Robot").await).await;
    let invalid = r#"Bearer realm="turnkeep", error="invalid_token""#;
    let lacking = r#"Bearer realm="turnkeep", error="insufficient_scope", scope="openid""#;
    for (name, token, status, challenge) in [
        ("nonsense", "nonsense", 401, invalid),
        ("malformed", "a b", 401, invalid),
        ("without openid", without["access_token"].as_str().unwrap(), 403, lacking),
        ("a refresh token", without["refresh_token"].as_str().unwrap(), 401, invalid),
        ("attack 12: a service", &service, 403, lacking),
    ] {
        let answer = world.send(request("GET", PATH).insert_header(bearer(token))).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
        assert_eq!(answer.header("www-authenticate"), Some(challenge), "{name}");
        assert_open(&answer);
    }
}

#[actix_web::test]
async fn claims_follow_the_scopes_and_an_address_is_never_said_to_be_verified() {
    let world = world().await;
    let app = app(&world).await;
    let user =
        json!({"kind": "internal", "name": "ada", "display_name": "Ada L", "email": "ada@example.com"});
    let ada = world.create("/api/v1/users", user).await["id"].as_str().unwrap().to_owned();
    for (scopes, expected) in [
        ("openid", json!({"sub": ada})),
        ("openid profile", json!({"sub": ada, "name": "Ada L", "preferred_username": "ada"})),
        ("openid email read", json!({"sub": ada, "email": "ada@example.com", "email_verified": false})),
    ] {
        let body = tokens(&world, &app, &ada, scopes).await;
        let token = body["access_token"].as_str().unwrap();
        let answer = world.send(request("GET", PATH).insert_header(bearer(token))).await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.json(), expected, "{scopes}");
    }
}

#[actix_web::test]
async fn pages_of_any_origin_may_ask() {
    let world = world().await;
    let asked = request("OPTIONS", PATH)
        .insert_header(("Origin", "https://spa.example"))
        .insert_header(("Access-Control-Request-Method", "GET"))
        .insert_header(("Access-Control-Request-Headers", "authorization"));
    let answer = world.send(asked).await;
    assert_eq!(answer.status, 204);
    assert_open(&answer);
    assert_eq!(answer.header("access-control-allow-methods"), Some("GET, POST"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("Authorization, Content-Type"));
    for method in ["PUT", "DELETE", "PATCH"] {
        let answer = world.send(request(method, PATH)).await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, POST, OPTIONS")), "{method}");
    }
}

#[actix_web::test]
async fn attack_2_a_token_is_good_in_its_own_instance_only() {
    let world = world().await;
    let app = app(&world).await;
    let ada = internal(&world, "ada").await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let body = tokens(&world, &app, &ada, "openid").await;
    let token = body["access_token"].as_str().unwrap();
    for (path, status) in [(PATH, 200), ("/i/acme/connect/userinfo", 401), ("/i/none/connect/userinfo", 401)]
    {
        let answer = world.send(request("GET", path).insert_header(bearer(token))).await;
        assert_eq!(answer.status, status, "{path}");
    }
}

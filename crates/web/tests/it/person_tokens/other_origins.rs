//! Pages of other origins (CORS): those of a public app may read what the token and revocation endpoints answer to it.

use serde_json::json;

use crate::account::browser::encoded;
use crate::authorization::estate::{REDIRECT, VERIFIER, app_with};
use crate::person_tokens::estate::{code_for, internal, public_app, world};
use crate::world::answer::Answer;
use crate::world::requests::form;
use crate::world::{TestApp, World};

const ORIGIN: &str = "https://app.example.com";

async fn ask_from(world: &World, origin: &str, path: &str, parameters: &[(&str, &str)]) -> Answer {
    let request = form(path, &encoded(parameters)).insert_header(("origin", origin));
    world.send(request).await
}

async fn redeem_from(world: &World, origin: &str, app: &TestApp, code: &str) -> Answer {
    let parameters = [
        ("grant_type", "authorization_code"),
        ("client_id", app.client_id.as_str()),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    ask_from(world, origin, "/connect/token", &parameters).await
}

fn allowed(answer: &Answer) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

#[actix_web::test]
async fn pages_of_a_public_app_may_read_its_tokens_and_refusals() {
    let world = world().await;
    let (app, ada) = (public_app(&world, "Spa").await, internal(&world, "ada").await);
    let code = code_for(&world, &app, &ada, "openid read").await;
    let answer = redeem_from(&world, ORIGIN, &app, &code).await;
    assert_eq!((answer.status, allowed(&answer)), (200, Some(ORIGIN)));
    assert_eq!(answer.header("vary"), Some("Origin"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let tokens = answer.json();
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let revocation = [("client_id", app.client_id.as_str()), ("token", refresh_token)];
    let answer = ask_from(&world, ORIGIN, "/connect/revoke", &revocation).await;
    assert_eq!((answer.status, allowed(&answer)), (200, Some(ORIGIN)));
    let answer = redeem_from(&world, ORIGIN, &app, "tkac_wrong").await;
    assert_eq!((answer.status, allowed(&answer)), (400, Some(ORIGIN)));
}

#[actix_web::test]
async fn no_other_page_may_read_anything() {
    let world = world().await;
    let (app, ada) = (public_app(&world, "Spa").await, internal(&world, "ada").await);
    let confidential = app_with(&world, "Portal", json!({})).await;
    for origin in ["https://evil.example", "https://app.example.com.evil.example", "null", "*"] {
        let code = code_for(&world, &app, &ada, "openid").await;
        let answer = redeem_from(&world, origin, &app, &code).await;
        assert_eq!((answer.status, allowed(&answer)), (200, None), "{origin}");
    }
    let answer = redeem_from(&world, ORIGIN, &confidential, "tkac_wrong").await;
    assert_eq!((answer.status, allowed(&answer)), (401, None));
}

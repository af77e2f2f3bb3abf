//! The management API is no business of apps that people sign in to: neither as the app nor as the person.

use serde_json::json;

use crate::authorization::estate::{app_with, ask_and_allow, refused, signed_in};
use crate::person_tokens::estate::{internal, tokens, world};
use crate::world::requests::{bearer, request};

#[actix_web::test]
async fn a_person_cannot_be_asked_for_scopes_of_the_management_api() {
    let world = world().await;
    let scopes = "read turnkeep.manage turnkeep.read turnkeep.meter";
    let app = app_with(&world, "Portal", json!({"scopes": scopes})).await;
    let ada = internal(&world, "ada").await;
    for scope in ["turnkeep.manage", "turnkeep.read", "turnkeep.meter"] {
        let browser = signed_in(&world, &ada);
        let scope = format!("openid {scope}");
        let answer = ask_and_allow(&browser, &app.client_id, &[("scope", &scope)]).await;
        assert_eq!(refused(&answer), "invalid_scope", "{scope}");
    }
}

#[actix_web::test]
async fn a_persons_token_is_no_token_for_the_management_api() {
    let world = world().await;
    let app = app_with(&world, "Portal", json!({"scopes": "read"})).await;
    let ada = internal(&world, "ada").await;
    for scopes in ["openid", "openid read"] {
        let tokens = tokens(&world, &app, &ada, scopes).await;
        let token = tokens["access_token"].as_str().unwrap();
        for path in ["/api/v1/apps", "/api/v1/me", "/api/v1/usage"] {
            let answer = world.send(request("GET", path).insert_header(bearer(token))).await;
            assert_eq!(answer.status, 401, "{scopes} {path}");
        }
    }
}

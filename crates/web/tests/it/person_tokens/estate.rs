//! Apps that have been given codes.

use serde_json::{Value, json};
use turnkeep_service::keys::rotate_keys::rotate_due_keys;

use crate::account::browser::encoded;
use crate::authorization::estate::{REDIRECT, VERIFIER, app_with, ask_and_allow, code_of, signed_in, user};
use crate::world::answer::Answer;
use crate::world::requests::{basic, form};
use crate::world::{TestApp, World};

/// A server on which people sign in, as it is after its start.
pub(super) async fn world() -> World {
    let world = World::bare();
    rotate_due_keys(&world.authority).unwrap();
    world.furnish("").await;
    world
}

/// An app without a secret.
pub(super) async fn public_app(world: &World, name: &str) -> TestApp {
    let public = json!({"client_type": "public", "service_access": {"as": "none"}});
    app_with(world, name, public).await
}

/// A code of somebody who has just signed in, for these scopes.
pub(super) async fn code_for(world: &World, app: &TestApp, user_id: &str, scopes: &str) -> String {
    let browser = signed_in(world, user_id);
    code_of(&ask_and_allow(&browser, &app.client_id, &[("scope", scopes)]).await)
}

/// An internal user; the id.
pub(super) async fn internal(world: &World, name: &str) -> String {
    user(world, name, "internal").await
}

/// A request to the token endpoint, with the app's secret if it has one. Empty values are left out.
pub(super) async fn ask_token(world: &World, app: &TestApp, parameters: &[(&str, &str)]) -> Answer {
    let mut parameters: Vec<_> = parameters.iter().copied().filter(|(_, value)| !value.is_empty()).collect();
    if app.secret.is_empty() {
        parameters.push(("client_id", &app.client_id));
    }
    let mut request = form("/connect/token", &encoded(&parameters));
    if !app.secret.is_empty() {
        request = request.insert_header(basic(&app.client_id, &app.secret));
    }
    world.send(request).await
}

/// Redeems a code with some parameters changed.
pub(super) async fn redeem_with(
    world: &World,
    app: &TestApp,
    code: &str,
    changes: &[(&str, &str)],
) -> Answer {
    let mut parameters = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    for change in changes {
        parameters.retain(|(name, _)| *name != change.0);
        parameters.push(*change);
    }
    ask_token(world, app, &parameters).await
}

/// Refreshes.
pub(super) async fn refresh(world: &World, app: &TestApp, token: &str, more: &[(&str, &str)]) -> Answer {
    let mut parameters = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
    parameters.extend(more);
    ask_token(world, app, &parameters).await
}

/// The tokens of somebody for these scopes.
pub(super) async fn tokens(world: &World, app: &TestApp, user_id: &str, scopes: &str) -> Value {
    let code = code_for(world, app, user_id, scopes).await;
    let answer = redeem_with(world, app, &code, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

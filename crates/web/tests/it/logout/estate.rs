//! An app in which somebody has signed in, and what it asks when they want to sign out.

use serde_json::json;
use turnkeep_service::keys::rotate_keys::rotate_due_keys;

use crate::account::browser::{Browser, encoded};
use crate::authorization::estate::{REDIRECT, app_with, ask_and_allow, code_of, signed_in, user};
use crate::world::answer::Answer;
use crate::world::requests::{basic, form};
use crate::world::{TestApp, World};

/// Where browsers go after signing out.
pub(super) const BACK: &str = "https://app.example.com/bye?from=id";

/// What answers the challenge of all requests.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Ada in a browser, and an app that knows it.
pub(super) struct Estate<'w> {
    pub(super) world: &'w World,
    pub(super) app: TestApp,
    pub(super) browser: Browser<'w>,
    pub(super) id_token: String,
    pub(super) access_token: String,
    pub(super) refresh_token: String,
}

impl<'w> Estate<'w> {
    pub(super) async fn new(world: &'w World) -> Self {
        Self::asking_for(world, "openid read").await
    }

    pub(super) async fn asking_for(world: &'w World, scope: &str) -> Self {
        // As a server does when it starts: there is a key for ID tokens.
        rotate_due_keys(&world.authority).unwrap();
        let more = json!({"logout_redirect_uris": [BACK]});
        let app = app_with(world, "Portal", more).await;
        let browser = signed_in(world, &user(world, "ada", "internal").await);
        let code = code_of(&ask_and_allow(&browser, &app.client_id, &[("scope", scope)]).await);
        let body = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        let tokens = token(world, &app, &body).await;
        assert_eq!(tokens.status, 200, "{}", tokens.text());
        let tokens = tokens.json();
        let member = |name: &str| tokens[name].as_str().unwrap().to_owned();
        Self {
            world,
            app,
            browser,
            id_token: member("id_token"),
            access_token: member("access_token"),
            refresh_token: member("refresh_token"),
        }
    }

    /// Somebody else in another browser.
    pub(super) async fn other(&self, name: &str) -> Browser<'w> {
        signed_in(self.world, &user(self.world, name, "internal").await)
    }

    /// Sends the browser to the endpoint by a link.
    pub(super) async fn go(&self, parameters: &[(&str, &str)]) -> Answer {
        self.browser.get(&format!("/connect/endsession?{}", encoded(parameters))).await
    }

    /// Whether the browser's session counts, whatever cookie it has now.
    pub(super) async fn is_signed_in(&self, handle: &str) -> bool {
        let other = Browser::new(self.world);
        other.plant("__Host-turnkeep-session", handle);
        let answer = other.get("/connect/endsession").await;
        match answer.status {
            200 => true,
            303 => false,
            status => panic!("{status}: {}", answer.text()),
        }
    }

    pub(super) async fn refresh(&self) -> Answer {
        let body = [("grant_type", "refresh_token"), ("refresh_token", self.refresh_token.as_str())];
        token(self.world, &self.app, &body).await
    }
}

async fn token(world: &World, app: &TestApp, body: &[(&str, &str)]) -> Answer {
    let request = form("/connect/token", &encoded(body));
    world.send(request.insert_header(basic(&app.client_id, &app.secret))).await
}

//! Requests as clients and callers of the management API make them.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use data_encoding::BASE64;
use serde_json::Value;

use crate::world::answer::Answer;
use crate::world::{TestApp, World};

/// `Authorization: Basic` of two texts as they are.
pub(crate) fn basic(client_id: &str, secret: &str) -> (&'static str, String) {
    ("Authorization", format!("Basic {}", BASE64.encode(format!("{client_id}:{secret}").as_bytes())))
}

/// `Authorization: Bearer`.
pub(crate) fn bearer(token: &str) -> (&'static str, String) {
    ("Authorization", format!("Bearer {token}"))
}

/// A form.
pub(crate) fn form(path: &str, body: &str) -> TestRequest {
    TestRequest::post()
        .uri(path)
        .insert_header(("Content-Type", "application/x-www-form-urlencoded"))
        .set_payload(body.to_owned())
}

/// A request with a method.
pub(crate) fn request(method: &str, path: &str) -> TestRequest {
    TestRequest::default().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path)
}

impl World {
    /// Asks for a token with Basic credentials.
    pub(crate) async fn ask_token(&self, app: &TestApp, more: &str) -> Answer {
        self.ask_token_at("", app, more).await
    }

    /// Asks an instance for a token.
    pub(crate) async fn ask_token_at(&self, instance: &str, app: &TestApp, more: &str) -> Answer {
        let request =
            form(&format!("{instance}/connect/token"), &format!("grant_type=client_credentials{more}"));
        self.send(request.insert_header(basic(&app.client_id, &app.secret))).await
    }

    /// A token of an app.
    pub(crate) async fn token(&self, app: &TestApp) -> String {
        let answer = self.ask_token(app, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// A call of the management API with a token.
    pub(crate) async fn call(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.call_with(token, method, path, body, None).await
    }

    /// A call of the management API with a token and a header more.
    pub(crate) async fn call_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
        header: Option<(&str, String)>,
    ) -> Answer {
        let mut request = request(method, path).insert_header(bearer(token));
        if let Some(header) = header {
            request = request.insert_header(header);
        }
        if let Some(body) = body {
            request = request
                .insert_header(("Content-Type", "application/json"))
                .set_payload(serde_json::to_vec(&body).unwrap());
        }
        self.send(request).await
    }

    /// A call of the management API as the operator.
    pub(crate) async fn operate(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let token = self.token(&self.operator).await;
        self.call(&token, method, path, body).await
    }

    /// Creates a record as the operator.
    pub(crate) async fn create(&self, path: &str, body: Value) -> Value {
        let answer = self.operate("POST", path, Some(body)).await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
        answer.json()
    }

    /// Does something to a record as the operator.
    pub(crate) async fn operated(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let answer = self.operate(method, path, body).await;
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.text());
        answer.json()
    }

    /// Introspects a token with Basic credentials.
    pub(crate) async fn introspect(&self, app: &TestApp, token: &str) -> Answer {
        let request = form("/connect/introspect", &format!("token={token}"));
        self.send(request.insert_header(basic(&app.client_id, &app.secret))).await
    }
}

//! A host application with a route of its own, and requests to it.

use std::pin::Pin;

use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, HttpResponse, web};
use serde_json::{Value, json};
use turnkeep_embed::running::Running;
use turnkeep_embed::settings::EmbedSettings;
use turnkeep_embed::turnkeep::Turnkeep;
use turnkeep_secret::master_key::{MasterKey, MasterKeys};

/// What a host says where it has no route.
pub(crate) const NOTHING_HERE: &str = "nothing here";

/// The settings on a database, with the master key that is made of this byte.
pub(crate) fn settings(database: &str, key: u8) -> EmbedSettings {
    let keys = MasterKeys::single(MasterKey::generate([key; 32]));
    EmbedSettings::parse("https://id.example.com", database, keys).unwrap()
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    /// A field of the body.
    pub(crate) fn field(&self, name: &str) -> Value {
        serde_json::from_str::<Value>(&self.body).unwrap()[name].clone()
    }
}

type Service = dyn Fn(TestRequest) -> Pin<Box<dyn Future<Output = Answer>>>;

/// An application with `/hello`, which was registered after the authority's routes.
pub(crate) struct Host(Box<Service>);

impl Host {
    pub(crate) async fn around(running: &Running) -> Self {
        let app = App::new()
            .configure(running.routes())
            .route("/hello", web::get().to(|| async { "hello" }))
            .default_service(web::to(|| async { HttpResponse::NotFound().body(NOTHING_HERE) }));
        let service = std::rc::Rc::new(init_service(app).await);
        Self(Box::new(move |request| {
            let service = std::rc::Rc::clone(&service);
            Box::pin(async move {
                let response = call_service(&*service, request.to_request()).await;
                let status = response.status().as_u16();
                let body = String::from_utf8(read_body(response).await.to_vec()).unwrap();
                Answer { status, body }
            })
        }))
    }

    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        (self.0)(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    /// Asks for a token.
    pub(crate) async fn ask_token(&self, client_id: &str, secret: &str) -> Answer {
        let form = format!("grant_type=client_credentials&client_id={client_id}&client_secret={secret}");
        let form_type = ("Content-Type", "application/x-www-form-urlencoded");
        self.send(TestRequest::post().uri("/connect/token").insert_header(form_type).set_payload(form)).await
    }

    /// A token for the operator.
    pub(crate) async fn operator(&self, turnkeep_operator: &Credentials) -> Operator<'_> {
        let Credentials { client_id, secret } = turnkeep_operator;
        let answer = self.ask_token(client_id, secret).await;
        Operator { host: self, token: answer.field("access_token").as_str().unwrap().to_owned() }
    }
}

/// Of an app.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

/// The credentials of the first start.
pub(crate) fn first_operator(turnkeep: &Turnkeep) -> Credentials {
    let operator = turnkeep.first_start().unwrap().unwrap();
    let secret = operator.client_secret.expose().to_owned();
    Credentials { client_id: operator.client_id.to_string(), secret }
}

/// Who calls the management API.
pub(crate) struct Operator<'a> {
    host: &'a Host,
    token: String,
}

impl Operator<'_> {
    /// A call that succeeds.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = TestRequest::with_uri(&format!("/api/v1{path}"))
            .method(method)
            .insert_header(("Authorization", format!("Bearer {}", self.token)));
        if let Some(body) = body {
            request = request.set_json(body);
        }
        let answer = self.host.send(request).await;
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        serde_json::from_str(&answer.body).unwrap_or(Value::Null)
    }

    async fn create(&self, path: &str, body: Value) -> String {
        self.call(Method::POST, path, Some(body)).await["id"].as_str().unwrap().to_owned()
    }

    /// An app with a scope, and everything that it needs; its id and credentials.
    pub(crate) async fn make_app(&self) -> (String, Credentials) {
        let region = self.create("/regions", json!({"code": "eu-west", "name": "EU West"})).await;
        self.create(&format!("/regions/{region}/databases"), json!({"db_code": "EU1", "capacity": 9})).await;
        let resource = self.create("/resources", json!({"audience": "Example.API", "name": "Example"})).await;
        let scope = json!({"name": "read", "grant": "default"});
        self.call(Method::POST, &format!("/resources/{resource}/scopes"), Some(scope)).await;
        let tenant = self.create("/tenants", json!({"name": "Acme"})).await;
        self.call(Method::POST, &format!("/tenants/{tenant}/activate"), None).await;
        let app = json!({"tenant_id": tenant, "name": "Invoices", "region": "eu-west"});
        let app = self.call(Method::POST, "/apps", Some(app)).await;
        let text = |field: &str| app[field].as_str().unwrap().to_owned();
        (text("id"), Credentials { client_id: text("client_id"), secret: text("client_secret") })
    }
}

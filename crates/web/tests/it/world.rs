//! A server after its first start, and short verbs for what tests do with it.

use std::sync::Arc;
use std::time::Duration;

use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use serde_json::{Value, json};
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::master_key::{MasterKey, MasterKeys};
use turnkeep_secret::scrypt_hash::ScryptParams;
use turnkeep_service::authority::{Authority, AuthorityParts, AuthoritySettings};
use turnkeep_service::clock::Clock;
use turnkeep_service::first_start::{FirstStart, ensure_first_start};
use turnkeep_service::issuer::BaseUrl;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::pool::PoolOptions;
use turnkeep_testkit::fixed_clock::FixedClock;
use turnkeep_testkit::seeded_random::SeededRandom;
use turnkeep_web::routes::configure;
use turnkeep_web::state::{WebSettings, WebState};

use crate::world::answer::Answer;
use crate::world::description::assert_described;
use crate::world::scripted_probe::ScriptedProbe;
use crate::world::troubled_store::TroubledStore;

pub(crate) mod answer;
pub(crate) mod description;
pub(crate) mod requests;
pub(crate) mod scripted_probe;
pub(crate) mod troubled_store;

/// The issuer of the default instance.
pub(crate) const BASE_URL: &str = "https://id.example.com";

/// The clock of all tests.
#[derive(Default)]
pub(crate) struct TestClock(FixedClock);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// A server and the credentials of its operator.
pub(crate) struct World {
    pub(crate) store: Arc<TroubledStore>,
    pub(crate) operator: TestApp,
    pub(crate) probe: Arc<ScriptedProbe>,
    clock: Arc<TestClock>,
    state: web::Data<WebState>,
}

/// An app as a test knows it.
#[derive(Debug, Clone)]
pub(crate) struct TestApp {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

impl World {
    /// After the first start, with the usual settings.
    pub(crate) fn bare() -> Self {
        Self::with(WebSettings::default())
    }

    /// After the first start.
    pub(crate) fn with(settings: WebSettings) -> Self {
        let url = DatabaseUrl::parse("sqlite::memory:").unwrap();
        let store = TroubledStore::around(DieselStore::connect(&url, &PoolOptions::default()).unwrap());
        let clock = Arc::new(TestClock::default());
        let master_key = MasterKey::generate([1; 32]).to_text();
        let probe = Arc::new(ScriptedProbe::default());
        let authority = Authority::new(AuthorityParts {
            store: Arc::<TroubledStore>::clone(&store),
            clock: Arc::<TestClock>::clone(&clock),
            random: Arc::new(SeededRandom::new(1)),
            master_keys: Arc::new(MasterKeys::parse(master_key.expose()).unwrap()),
            base_url: BaseUrl::parse(BASE_URL).unwrap(),
            storage_probe: Arc::<ScriptedProbe>::clone(&probe),
            settings: AuthoritySettings {
                client_secret_scrypt: ScryptParams::new(4, 8, 1).unwrap(),
                ..AuthoritySettings::default()
            },
        });
        let FirstStart::Done(credentials) = ensure_first_start(&authority).unwrap() else {
            panic!("the database was not empty")
        };
        let operator = TestApp {
            id: String::new(),
            client_id: credentials.client_id.to_string(),
            secret: credentials.client_secret.expose().to_owned(),
        };
        let state = web::Data::new(WebState::new(Arc::new(authority), settings));
        Self { store, operator, probe, clock, state }
    }

    /// With a region `eu-west` that has room, and the resource `TrueParser.API` with its scopes.
    pub(crate) async fn new() -> Self {
        let world = Self::bare();
        world.furnish("").await;
        world
    }

    /// Gives an instance (`""`, or `/i/{slug}`) what apps need.
    pub(crate) async fn furnish(&self, instance: &str) {
        let region = self
            .create(&format!("{instance}/api/v1/regions"), json!({"code": "eu-west", "name": "Europe West"}))
            .await;
        let databases = format!("{instance}/api/v1/regions/{}/databases", region["id"].as_str().unwrap());
        self.create(&databases, json!({"db_code": "eu1", "capacity": 100})).await;
        let resource = self
            .create(
                &format!("{instance}/api/v1/resources"),
                json!({"audience": "TrueParser.API", "name": "TrueParser"}),
            )
            .await;
        let scopes = format!("{instance}/api/v1/resources/{}/scopes", resource["id"].as_str().unwrap());
        self.create(&scopes, json!({"name": "read", "grant": "default"})).await;
        self.create(&scopes, json!({"name": "write"})).await;
        self.create(&scopes, json!({"name": "sec", "grant": "reserved"})).await;
    }

    /// An active tenant of an instance; its id.
    pub(crate) async fn tenant(&self, instance: &str, name: &str) -> String {
        let tenant = self.create(&format!("{instance}/api/v1/tenants"), json!({"name": name})).await;
        let id = tenant["id"].as_str().unwrap().to_owned();
        let answer = self.operate("POST", &format!("{instance}/api/v1/tenants/{id}/activate"), None).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        id
    }

    /// An app of a tenant of the default instance, with more members.
    pub(crate) async fn app_with(&self, tenant_id: &str, name: &str, more: Value) -> TestApp {
        self.app_at("", tenant_id, name, more).await
    }

    /// An app of a tenant of an instance.
    pub(crate) async fn app_at(&self, instance: &str, tenant_id: &str, name: &str, more: Value) -> TestApp {
        let mut body = json!({"tenant_id": tenant_id, "name": name, "region": "eu-west"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let app = self.create(&format!("{instance}/api/v1/apps"), body).await;
        TestApp {
            id: app["id"].as_str().unwrap().to_owned(),
            client_id: app["client_id"].as_str().unwrap().to_owned(),
            secret: app["client_secret"].as_str().unwrap_or_default().to_owned(),
        }
    }

    /// The only app of a new tenant of the default instance.
    pub(crate) async fn lone_app(&self, name: &str) -> TestApp {
        let tenant_id = self.tenant("", name).await;
        self.app_with(&tenant_id, name, json!({"scopes": "read write"})).await
    }

    /// Lets time go by.
    pub(crate) fn advance(&self, secs: u64) {
        self.clock.0.advance(Duration::from_secs(secs));
    }

    /// The answer to any request, which the OpenAPI document has to describe if it is one of the management API.
    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        let state = self.state.clone();
        let app = init_service(App::new().configure(|config| configure(config, state))).await;
        let request = request.to_request();
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let response = call_service(&app, request).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let answer = Answer { status, headers, body: read_body(response).await };
        assert_described(&method, &path, &answer);
        answer
    }
}

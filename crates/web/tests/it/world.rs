//! A server after its first start, on the database of a test's choice, and short verbs for what tests do with it.

use std::cell::OnceCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::dev::ServiceResponse;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use serde_json::{Value, json};
use turnkeep_domain::time::Timestamp;
use turnkeep_guard::rate_limits::settings::LimitMode;
use turnkeep_secret::master_key::{MasterKey, MasterKeys};
use turnkeep_secret::scrypt_hash::ScryptParams;
use turnkeep_service::authority::{Authority, AuthorityParts, AuthoritySettings};
use turnkeep_service::clock::Clock;
use turnkeep_service::first_start::{FirstStart, ensure_first_start};
use turnkeep_service::issuer::BaseUrl;
use turnkeep_service::storage_settings::probe::StorageProbe;
use turnkeep_testkit::fixed_clock::FixedClock;
use turnkeep_testkit::seeded_random::SeededRandom;
use turnkeep_web::routes::configure;
use turnkeep_web::state::{WebSettings, WebState};

use crate::world::answer::Answer;
use crate::world::databases::{Database, EmptyDatabase};
use crate::world::description::assert_described;
use crate::world::recorded_mail::RecordedMail;
use crate::world::scripted_probe::ScriptedProbe;
use crate::world::troubled_store::TroubledStore;

pub(crate) mod answer;
pub(crate) mod databases;
pub(crate) mod description;
pub(crate) mod metered;
pub(crate) mod people;
pub(crate) mod recorded_mail;
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

    fn since_boot(&self) -> Duration {
        self.0.since_boot()
    }

    fn pause(&self, duration: Duration) {
        self.0.pause(duration);
    }
}

/// A server and the credentials of its operator.
pub(crate) struct World {
    pub(crate) store: Arc<TroubledStore>,
    pub(crate) operator: TestApp,
    pub(crate) probe: Arc<ScriptedProbe>,
    pub(crate) mail: Arc<RecordedMail>,
    /// The path of the link that the first start made.
    pub(crate) first_operator_path: String,
    pub(crate) authority: Arc<Authority>,
    pub(crate) state: web::Data<WebState>,
    clock: Arc<TestClock>,
    database: Arc<EmptyDatabase>,
    servers: Arc<AtomicU64>,
    service: OnceCell<Rc<Service>>,
}

/// What answers requests.
type Service = dyn Fn(TestRequest) -> Pin<Box<dyn Future<Output = ServiceResponse>>>;

/// An app as a test knows it.
#[derive(Debug, Clone)]
pub(crate) struct TestApp {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

/// Tests are faster than any client, and their machine may be slower than any server.
pub(crate) fn unlimited() -> WebSettings {
    let mut settings = WebSettings::default();
    settings.rate_limits.mode = LimitMode::Off;
    settings.in_flight.longest_wait = Duration::from_secs(3_600);
    settings.run_queue.longest_pass = Duration::from_secs(3_600);
    settings
}

impl World {
    /// After the first start, with the settings of most tests.
    pub(crate) fn bare() -> Self {
        Self::with(unlimited())
    }

    /// After the first start.
    pub(crate) fn with(settings: WebSettings) -> Self {
        Self::first_on(Database::SqliteMemory, settings)
    }

    /// Furnished, on a database of its own.
    pub(crate) async fn on(database: Database) -> Self {
        let world = Self::first_on(database, unlimited());
        world.furnish("").await;
        world
    }

    fn first_on(database: Database, settings: WebSettings) -> Self {
        let database = Arc::new(EmptyDatabase::make(database));
        let (clock, probe) = (Arc::new(TestClock::default()), Arc::new(ScriptedProbe::default()));
        let store = TroubledStore::around(database.connect());
        let mail = Arc::new(RecordedMail::default());
        let authority = authority(&store, &clock, &mail, Arc::<ScriptedProbe>::clone(&probe), 1);
        let FirstStart::Done(credentials) = ensure_first_start(&authority).unwrap() else {
            panic!("the database was not empty")
        };
        let operator = TestApp {
            id: String::new(),
            client_id: credentials.client_id.to_string(),
            secret: credentials.client_secret.expose().to_owned(),
        };
        let link = credentials.first_operator_link.unwrap();
        let first_operator_path = link.expose().strip_prefix(BASE_URL).unwrap().to_owned();
        let authority = Arc::new(authority);
        let state = web::Data::new(WebState::new(Arc::clone(&authority), settings));
        Self {
            store,
            operator,
            probe,
            mail,
            first_operator_path,
            clock,
            authority,
            state,
            database,
            servers: Arc::default(),
            service: OnceCell::new(),
        }
    }

    /// Lets so much time pass that nothing in memory may be served without another look for changes.
    pub(crate) fn outlast_lease(&self) {
        self.let_pass(Duration::from_secs(3));
    }

    /// Lets so much time pass for what does not depend on the time of day.
    pub(crate) fn let_pass(&self, duration: Duration) {
        self.clock.pause(duration);
    }

    /// Another server on the same database, with the same clock and operator.
    pub(crate) fn node(&self) -> Self {
        self.node_with(Arc::<ScriptedProbe>::clone(&self.probe))
    }

    /// The same server with other settings, and nothing counted yet.
    pub(crate) fn restarted_with(&self, settings: WebSettings) -> Self {
        Self {
            store: Arc::clone(&self.store),
            operator: self.operator.clone(),
            probe: Arc::clone(&self.probe),
            mail: Arc::clone(&self.mail),
            first_operator_path: self.first_operator_path.clone(),
            clock: Arc::clone(&self.clock),
            authority: Arc::clone(&self.authority),
            state: web::Data::new(WebState::new(Arc::clone(&self.authority), settings)),
            database: Arc::clone(&self.database),
            servers: Arc::clone(&self.servers),
            service: OnceCell::new(),
        }
    }

    /// Another server on the same database, which connects to storage in its own way.
    pub(crate) fn node_with(&self, storage_probe: Arc<dyn StorageProbe>) -> Self {
        let store = TroubledStore::around(self.database.connect());
        // Servers with the same seed would make the same ids.
        let seed = 2 + self.servers.fetch_add(1, Ordering::Relaxed);
        let authority = Arc::new(authority(&store, &self.clock, &self.mail, storage_probe, seed));
        Self {
            store,
            operator: self.operator.clone(),
            probe: Arc::clone(&self.probe),
            mail: Arc::clone(&self.mail),
            first_operator_path: self.first_operator_path.clone(),
            clock: Arc::clone(&self.clock),
            state: web::Data::new(WebState::new(Arc::clone(&authority), unlimited())),
            authority,
            database: Arc::clone(&self.database),
            servers: Arc::clone(&self.servers),
            service: OnceCell::new(),
        }
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

    /// Writes down what was noted, as a running server does every few seconds.
    pub(crate) fn keep_books(&self) {
        self.authority.keep_books().unwrap();
    }

    /// The routes, which are made once: that takes longer than most requests.
    async fn service(&self) -> Rc<Service> {
        if let Some(service) = self.service.get() {
            return Rc::clone(service);
        }
        let state = self.state.clone();
        let app = Rc::new(init_service(App::new().configure(|config| configure(config, state))).await);
        let service: Rc<Service> = Rc::new(move |request: TestRequest| {
            let app = Rc::clone(&app);
            Box::pin(async move { call_service(&*app, request.to_request()).await })
        });
        Rc::clone(self.service.get_or_init(|| service))
    }

    /// The answer to any request, which the OpenAPI document has to describe if it is one of the management API.
    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        let response = (self.service().await)(request).await;
        let request = response.request();
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let answer = Answer { status, headers, body: read_body(response).await };
        assert_described(&method, &path, &answer);
        answer
    }
}

fn authority(
    store: &Arc<TroubledStore>,
    clock: &Arc<TestClock>,
    mail: &Arc<RecordedMail>,
    storage_probe: Arc<dyn StorageProbe>,
    seed: u64,
) -> Authority {
    let master_key = MasterKey::generate([1; 32]).to_text();
    Authority::new(AuthorityParts {
        store: Arc::<TroubledStore>::clone(store),
        clock: Arc::<TestClock>::clone(clock),
        random: Arc::new(SeededRandom::new(seed)),
        master_keys: Arc::new(MasterKeys::parse(master_key.expose()).unwrap()),
        base_url: BaseUrl::parse(BASE_URL).unwrap(),
        storage_probe,
        mail: Arc::<RecordedMail>::clone(mail),
        logout_delivery: Arc::new(turnkeep_service::logout::deliver_logout::NoLogoutDelivery),
        settings: AuthoritySettings {
            client_secret_scrypt: ScryptParams::new(4, 8, 1).unwrap(),
            password_scrypt: ScryptParams::new(4, 8, 1).unwrap(),
            ..AuthoritySettings::default()
        },
    })
}

//! An authority after its first start, and short verbs for what tests do with it.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use turnkeep_audit::entry::AuditEntry;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::{AppId, InstanceId, TenantId};
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::master_key::MasterKeys;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_secret::scrypt_hash::ScryptParams;
use turnkeep_service::authority::{Authority, AuthorityParts, AuthoritySettings};
use turnkeep_service::clock::Clock;
use turnkeep_service::failure::{Failure, Fault};
use turnkeep_service::first_start::{FirstStart, OperatorCredentials, ensure_first_start};
use turnkeep_service::issuer::BaseUrl;
use turnkeep_service::storage_settings::probe::NoStorageProbe;
use turnkeep_storage::store::Store;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::pool::PoolOptions;
use turnkeep_testkit::fixed_clock::FixedClock;
pub(crate) use turnkeep_testkit::fixtures::numbered_master_keys as master_keys;
use turnkeep_testkit::fixtures::slug;
use turnkeep_testkit::seeded_random::SeededRandom;

pub(crate) mod faulty_store;
pub(crate) mod registry_verbs;
pub(crate) mod token_verbs;

/// The issuer of the default instance.
pub(crate) const BASE_URL: &str = "https://id.example.com";

/// The clock of all tests.
#[derive(Default)]
pub(crate) struct TestClock(pub(crate) FixedClock);

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

/// An authority, and the instance of it that a test is about.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) authority: Arc<Authority>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) operator: Arc<OperatorCredentials>,
    pub(crate) slug: Slug,
    pub(crate) instance_id: InstanceId,
}

/// An app with the secret that it was created with.
#[derive(Debug, Clone)]
pub(crate) struct TestApp {
    pub(crate) id: AppId,
    pub(crate) tenant_id: TenantId,
    pub(crate) client_id: String,
    pub(crate) secret: Option<String>,
}

impl TestApp {
    /// The same app with another secret.
    pub(crate) fn with_secret(&self, secret: &PlaintextSecret) -> Self {
        Self { secret: Some(secret.expose().to_owned()), ..self.clone() }
    }
}

/// A database in memory, migrated.
pub(crate) fn memory() -> Arc<dyn Store> {
    let url = DatabaseUrl::parse("sqlite::memory:").unwrap();
    Arc::new(DieselStore::connect(&url, &PoolOptions::default()).unwrap())
}

/// Settings with hashes that cost nothing.
pub(crate) fn cheap_settings() -> AuthoritySettings {
    AuthoritySettings {
        client_secret_scrypt: ScryptParams::new(4, 8, 1).unwrap(),
        password_scrypt: ScryptParams::new(4, 8, 1).unwrap(),
        ..AuthoritySettings::default()
    }
}

/// An authority on a database, which connects to no storage. Two on the same one need different seeds.
pub(crate) fn authority_on(
    store: &Arc<dyn Store>,
    clock: &Arc<TestClock>,
    master_keys: MasterKeys,
    settings: AuthoritySettings,
    seed: u64,
) -> Authority {
    Authority::new(AuthorityParts {
        store: Arc::clone(store),
        clock: Arc::<TestClock>::clone(clock),
        random: Arc::new(SeededRandom::new(seed)),
        master_keys: Arc::new(master_keys),
        base_url: BaseUrl::parse(BASE_URL).unwrap(),
        storage_probe: Arc::new(NoStorageProbe),
        mail: Arc::new(turnkeep_service::sign_in::mail::NoMail),
        logout_delivery: Arc::new(turnkeep_service::logout::deliver_logout::NoLogoutDelivery),
        settings,
    })
}

impl World {
    /// After the first start, with a region `eu-west`, the resource `TrueParser.API` with its scopes.
    pub(crate) fn new() -> Self {
        let world = Self::bare();
        world.furnish();
        world
    }

    /// After the first start.
    pub(crate) fn bare() -> Self {
        Self::bare_on(memory())
    }

    /// After the first start on an empty database.
    pub(crate) fn bare_on(store: Arc<dyn Store>) -> Self {
        let clock = Arc::new(TestClock::default());
        let authority = authority_on(&store, &clock, master_keys(&[1]), cheap_settings(), 1);
        let FirstStart::Done(operator) = ensure_first_start(&authority).unwrap() else {
            panic!("the database was not empty")
        };
        let slug = slug("default");
        let instance_id = store.read(|reads| reads.find_instance_by_slug(&slug)).unwrap().unwrap().id;
        let (authority, operator) = (Arc::new(authority), Arc::new(operator));
        Self { authority, store, clock, operator, slug, instance_id }
    }

    /// Another server process on the same database.
    pub(crate) fn restarted(&self, numbers: &[u8], settings: AuthoritySettings, seed: u64) -> Self {
        self.restarted_on(Arc::clone(&self.store), numbers, settings, seed)
    }

    /// Another server process, which reaches the database in its own way.
    pub(crate) fn restarted_on(
        &self,
        store: Arc<dyn Store>,
        numbers: &[u8],
        settings: AuthoritySettings,
        seed: u64,
    ) -> Self {
        let authority = authority_on(&store, &self.clock, master_keys(numbers), settings, seed);
        Self { authority: Arc::new(authority), store, ..self.clone() }
    }

    /// Lets time go by.
    pub(crate) fn advance(&self, secs: u64) {
        self.clock.0.advance(std::time::Duration::from_secs(secs));
    }

    /// The whole audit trail of the instance, the newest first.
    pub(crate) fn trail(&self) -> Vec<AuditEntry> {
        let mut trail: Vec<AuditEntry> = Vec::new();
        loop {
            let after = trail.last().map(|entry| entry.position);
            let page = AuditPage { after, direction: Direction::Descending, limit: 200 };
            let filter = AuditFilter::default();
            let read = self.store.read(|reads| reads.list_audit_trail(self.instance_id, &filter, page));
            let entries = read.unwrap();
            if entries.is_empty() {
                return trail;
            }
            trail.extend(entries.into_iter().map(|chained| chained.entry));
        }
    }

    /// Events of an action.
    pub(crate) fn events(&self, action: &str) -> Vec<AuditEntry> {
        self.trail().into_iter().filter(|entry| entry.action == action).collect()
    }
}

/// The denial of something that must be denied.
#[track_caller]
pub(crate) fn denial<T: Debug, D: Debug>(result: Result<T, Failure<D>>) -> D {
    match result {
        Err(Failure::Denied(denial)) => denial,
        Err(Failure::Fault(fault)) => panic!("a fault in the place of a denial: {fault:?}"),
        Ok(output) => panic!("not denied: {output:?}"),
    }
}

/// The fault of something that must fail.
#[track_caller]
pub(crate) fn fault<T: Debug, D: Debug>(result: Result<T, Failure<D>>) -> Fault {
    match result {
        Err(Failure::Fault(fault)) => fault,
        Err(Failure::Denied(denial)) => panic!("a denial in the place of a fault: {denial:?}"),
        Ok(output) => panic!("no fault: {output:?}"),
    }
}

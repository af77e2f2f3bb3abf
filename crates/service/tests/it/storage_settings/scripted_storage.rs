//! A storage as a test wants it, and short verbs. It connects to nothing.

use std::sync::{Arc, Mutex};

use turnkeep_domain::id::AppId;
use turnkeep_domain::storage_config::{StorageCheckOutcome, StorageConfig, StorageFields, StorageSettings};
use turnkeep_domain::storage_endpoint::StorageEndpoint;
use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_domain::storage_provider::StorageProvider;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::authority::{Authority, AuthorityParts, AuthoritySettings};
use turnkeep_service::issuer::BaseUrl;
use turnkeep_service::registry::context::RegistryResult;
use turnkeep_service::storage_settings::precondition::Expected;
use turnkeep_service::storage_settings::probe::{ProbeUnavailable, StorageProbe};
use turnkeep_service::storage_settings::put_settings::{PutStorageSettings, put_storage_settings};
use turnkeep_service::storage_settings::secret_key::StorageSecretKey;
use turnkeep_storage::storage_config::StoredStorageConfig;
use turnkeep_testkit::seeded_random::SeededRandom;

use crate::world::{BASE_URL, TestApp, World, cheap_settings, master_keys};

/// The secret key of most tests.
pub(crate) const SECRET_KEY: &str = "canary/storage+secret=key";

/// Settings of an app in its own MinIO.
pub(crate) const MINIO: StorageFields<'_> = StorageFields {
    bucket: "invoices",
    access_key: "AKIAEXAMPLE",
    endpoint: Some("https://minio.example"),
    region: None,
    plain_http: PlainHttp::Allowed,
};

pub(crate) fn minio(fields: StorageFields<'_>) -> StorageSettings {
    StorageSettings::new(StorageProvider::MinIo, &fields).unwrap()
}

pub(crate) fn secret_key(text: &str) -> StorageSecretKey {
    StorageSecretKey::parse(PlaintextSecret::new(text.to_owned())).unwrap()
}

/// Settings to put, whatever is there.
pub(crate) fn putting(fields: StorageFields<'_>, key: Option<&str>) -> PutStorageSettings {
    let secret_key = key.map(secret_key);
    PutStorageSettings { settings: minio(fields), secret_key, expected: Expected::Anything }
}

type Hook = Box<dyn FnMut() + Send>;

/// Accepts every endpoint but `refused.example`; answers what it was told, with the secret key it was given kept.
pub(crate) struct ScriptedStorage {
    pub(crate) answer: Mutex<Result<StorageCheckOutcome, ProbeUnavailable>>,
    /// Runs while a check is under way.
    pub(crate) meanwhile: Mutex<Option<Hook>>,
    pub(crate) asked: Mutex<Vec<(String, String)>>,
}

impl StorageProbe for ScriptedStorage {
    fn may_reach(&self, endpoint: &StorageEndpoint) -> bool {
        endpoint.host() != "refused.example"
    }

    fn check(
        &self,
        settings: &StorageSettings,
        secret_key: &StorageSecretKey,
        _: Timestamp,
    ) -> Result<StorageCheckOutcome, ProbeUnavailable> {
        let asked = (settings.endpoint().to_string(), secret_key.expose().to_owned());
        self.asked.lock().unwrap().push(asked);
        // Not held while it runs, since it may set the next one.
        let hook = self.meanwhile.lock().unwrap().take();
        if let Some(mut hook) = hook {
            hook();
        }
        *self.answer.lock().unwrap()
    }
}

impl World {
    /// A furnished world whose server asks a scripted storage.
    pub(crate) fn with_storage() -> (Self, Arc<ScriptedStorage>) {
        Self::new().probing(cheap_settings(), &[1], 77)
    }

    /// Another process of the same server, which asks a scripted storage. Two need different seeds.
    pub(crate) fn probing(
        &self,
        settings: AuthoritySettings,
        numbers: &[u8],
        seed: u64,
    ) -> (Self, Arc<ScriptedStorage>) {
        let storage = Arc::new(ScriptedStorage {
            answer: Mutex::new(Ok(StorageCheckOutcome::Works)),
            meanwhile: Mutex::default(),
            asked: Mutex::default(),
        });
        let authority = Authority::new(AuthorityParts {
            store: Arc::clone(&self.store),
            clock: Arc::<crate::world::TestClock>::clone(&self.clock),
            random: Arc::new(SeededRandom::new(seed)),
            master_keys: Arc::new(master_keys(numbers)),
            base_url: BaseUrl::parse(BASE_URL).unwrap(),
            storage_probe: Arc::<ScriptedStorage>::clone(&storage),
            mail: Arc::new(turnkeep_service::sign_in::mail::NoMail),
            logout_delivery: Arc::new(turnkeep_service::logout::deliver_logout::NoLogoutDelivery),
            settings,
        });
        (Self { authority: Arc::new(authority), ..self.clone() }, storage)
    }

    /// Puts settings as the operator.
    pub(crate) fn put(&self, app: &TestApp, command: &PutStorageSettings) -> RegistryResult<StorageConfig> {
        put_storage_settings(&self.operator(), app.id, command).map(|put| put.config)
    }

    /// An app with storage settings.
    pub(crate) fn stored_app(&self, text: &str) -> TestApp {
        let app = self.lone_app(text);
        self.put(&app, &putting(MINIO, Some(SECRET_KEY))).unwrap();
        app
    }

    /// What the database has.
    pub(crate) fn stored_settings(&self, app: &TestApp) -> Option<StoredStorageConfig> {
        let read = |id: AppId| {
            self.store.read(|reads| reads.find_storage_config(self.instance_id, app.tenant_id, id)).unwrap()
        };
        read(app.id)
    }
}

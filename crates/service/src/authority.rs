//! The authority: everything the use cases need, put together once.

use std::sync::Arc;

use turnkeep_audit::seal::SealKeys;
use turnkeep_domain::id::RequestId;
use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::mac::MacKeys;
use turnkeep_secret::master_key::MasterKeys;
use turnkeep_secret::random::{RandomSource, random_bytes};
use turnkeep_secret::scrypt_hash::ScryptParams;
use turnkeep_storage::store::Store;
use turnkeep_token::rotation::RotationPolicy;

use crate::books::Books;
use crate::clock::Clock;
use crate::exchange::export_records::ExportLimits;
use crate::failure::Fault;
use crate::issuer::BaseUrl;
use crate::keys::key_rings::KeyRings;
pub use crate::slow_hashing::HashingLimits;
use crate::slow_hashing::SlowHashing;
use crate::storage_settings::probe::StorageProbe;
use crate::storage_settings::running_checks::RunningChecks;
use crate::tokens::decoys::Decoys;

/// What can be set about an authority.
#[derive(Debug, Clone)]
pub struct AuthoritySettings {
    /// When signing keys change.
    pub rotation: RotationPolicy,
    /// What client secrets are hashed with.
    pub client_secret_scrypt: ScryptParams,
    /// How much hashing may go on at once.
    pub hashing: HashingLimits,
    /// Whether storage may be reached without encryption where the probe accepts it.
    pub storage_plain_http: PlainHttp,
    /// How much an export can have.
    pub export: ExportLimits,
}

impl Default for AuthoritySettings {
    fn default() -> Self {
        Self {
            rotation: RotationPolicy::default(),
            client_secret_scrypt: ScryptParams::CLIENT_SECRET,
            hashing: HashingLimits { at_once: 1, waiting: 64 },
            storage_plain_http: PlainHttp::Refused,
            export: ExportLimits::default(),
        }
    }
}

/// What an authority is made of.
pub struct AuthorityParts {
    /// The database, migrated.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness of cryptographic quality.
    pub random: Arc<dyn RandomSource>,
    /// The keys that are not in the database.
    pub master_keys: Arc<MasterKeys>,
    /// Where the server is reached.
    pub base_url: BaseUrl,
    /// Connects to storage; [`NoStorageProbe`](crate::storage_settings::probe::NoStorageProbe) to none.
    pub storage_probe: Arc<dyn StorageProbe>,
    /// The rest.
    pub settings: AuthoritySettings,
}

/// The first argument of every use case. Share it in an `Arc`.
pub struct Authority {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) random: Arc<dyn RandomSource>,
    pub(crate) master_keys: Arc<MasterKeys>,
    pub(crate) mac_keys: Arc<MacKeys>,
    pub(crate) seal_keys: SealKeys,
    pub(crate) base_url: BaseUrl,
    pub(crate) key_rings: KeyRings,
    pub(crate) hashing: SlowHashing,
    pub(crate) books: Books,
    pub(crate) decoys: Decoys,
    pub(crate) storage_probe: Arc<dyn StorageProbe>,
    pub(crate) running_checks: RunningChecks,
    pub(crate) settings: AuthoritySettings,
    clock: Arc<dyn Clock>,
}

impl Authority {
    /// Puts an authority together.
    pub fn new(parts: AuthorityParts) -> Self {
        Self {
            mac_keys: Arc::new(MacKeys::new(&parts.master_keys)),
            seal_keys: SealKeys::new(&parts.master_keys),
            key_rings: KeyRings::default(),
            hashing: SlowHashing::new(parts.settings.hashing),
            books: Books::default(),
            decoys: Decoys::default(),
            storage_probe: parts.storage_probe,
            running_checks: RunningChecks::default(),
            store: parts.store,
            random: parts.random,
            master_keys: parts.master_keys,
            base_url: parts.base_url,
            settings: parts.settings,
            clock: parts.clock,
        }
    }

    /// Now, by the authority's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where the server is reached.
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Whether storage settings may name an endpoint without encryption.
    pub fn storage_plain_http(&self) -> PlainHttp {
        self.settings.storage_plain_http
    }

    /// A new id for a request.
    pub fn new_request_id(&self) -> RequestId {
        RequestId::new(self.now(), self.random_bytes())
    }

    /// Whether the database answers.
    pub fn is_ready(&self) -> bool {
        self.store.read(|reads| reads.change_sequence()).is_ok()
    }

    /// Writes what was noted off the request path (last uses, refusals) and removes what has expired. To be
    /// called every few seconds and before the process ends.
    pub fn keep_books(&self) -> Result<(), Fault> {
        self.books.write_to(self)?;
        let now = self.now();
        self.store.keep_books(|books| {
            books.purge_revoked_tokens(now)?;
            books.purge_single_uses(now)?;
            books.purge_management_tokens(now)?;
            books.purge_idempotent_requests(now)
        })?;
        Ok(())
    }

    /// How many notes were given up because the database was too slow for too long.
    pub fn notes_given_up(&self) -> u64 {
        self.books.given_up()
    }

    pub(crate) fn random_bytes<const N: usize>(&self) -> [u8; N] {
        random_bytes(&*self.random)
    }
}

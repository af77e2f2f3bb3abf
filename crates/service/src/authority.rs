//! The authority: everything the use cases need, put together once.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use turnkeep_audit::seal::SealKeys;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::RequestId;
use turnkeep_domain::person_grant::RefreshLimits;
use turnkeep_domain::session::SessionLimits;
use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_requests::{QuotaWindow, TokenRequestLimits};
use turnkeep_passkeys::relying_party::RelyingParty;
use turnkeep_secret::mac::MacKeys;
use turnkeep_secret::master_key::MasterKeys;
use turnkeep_secret::random::{RandomSource, random_bytes};
use turnkeep_secret::scrypt_hash::ScryptParams;
use turnkeep_storage::store::Store;
use turnkeep_token::rotation::RotationPolicy;

use crate::basic::basic_memory::BasicMemory;
use crate::books::Books;
use crate::clock::Clock;
use crate::cluster::follower::Follower;
use crate::cluster::propagating_store::{PropagatingStore, PropagationTotals};
use crate::exchange::export_records::ExportLimits;
use crate::failure::Fault;
use crate::issuer::BaseUrl;
use crate::logout::bell::Bell;
use crate::logout::deliver_logout::DeliverLogout;
use crate::logout::logout_totals::LogoutCounters;
use crate::sign_in::mail::SendMail;
use crate::sign_in::request_reset::{WaitingResets, answer_resets};
use crate::sign_in::throttle::Throttle;
pub use crate::slow_hashing::HashingLimits;
use crate::slow_hashing::SlowHashing;
use crate::snapshot::look_up::{LookUp, Missing};
use crate::snapshot::registry_snapshot::RegistrySnapshot;
use crate::storage_settings::probe::StorageProbe;
use crate::storage_settings::running_checks::RunningChecks;
use crate::token_requests::report_token_requests::MOST_HOURS;
use crate::token_requests::token_ledger::{TokenLedger, Wanted};
use crate::tokens::client_guesses::KnownPlaces;
use crate::usage::purge_usage::purge_usage;

/// How long the change log is kept: much longer than any token lives and any node is behind, since the clock that
/// says so may be wrong.
const CHANGES_KEPT: Duration = Duration::from_secs(86_400);

/// How often what has expired is removed.
const PURGED_EVERY: Duration = Duration::from_secs(60);

/// How long sessions, grants and links are kept when they are over, so that a late reuse of a code or token is seen.
const SIGN_INS_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// How long it is remembered how many tokens apps asked for.
const TOKEN_COUNTS_KEPT: Duration = QuotaWindow::Hour.length().saturating_mul(MOST_HOURS);

/// When what has expired was last removed, in time since boot.
#[derive(Debug, Default)]
struct Purges(Mutex<Option<Duration>>);

impl Purges {
    /// Whether it is time; then the next time is a while away. It is at the first call.
    fn is_due(&self, since_boot: Duration) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|last| PURGED_EVERY <= since_boot.saturating_sub(last));
        if is_due {
            *last = Some(since_boot);
        }
        is_due
    }
}

/// What can be set about an authority.
#[derive(Debug, Clone)]
pub struct AuthoritySettings {
    /// When signing keys change.
    pub rotation: RotationPolicy,
    /// What client secrets are hashed with.
    pub client_secret_scrypt: ScryptParams,
    /// How much hashing may go on at once.
    pub hashing: HashingLimits,
    /// What passwords are hashed with.
    pub password_scrypt: ScryptParams,
    /// How much hashing of passwords may go on at once. It has threads of its own: however many people, or guesses,
    /// come, no app waits for them.
    pub password_hashing: HashingLimits,
    /// The same for people who are known: in a browser, from an address or by a link of theirs, or signed in. They do not
    /// wait for those who guess.
    pub known_password_hashing: HashingLimits,
    /// Whether storage may be reached without encryption where the probe accepts it.
    pub storage_plain_http: PlainHttp,
    /// How much an export can have.
    pub export: ExportLimits,
    /// How many apps are kept in memory.
    pub snapshot_apps: usize,
    /// How much memory verified tokens may take for each instance, in bytes, so that asking about one again costs no
    /// signature.
    pub seen_token_bytes: u64,
    /// How much longer than the guarantee allows this node goes on without knowing of the latest changes. Zero is
    /// the guarantee: what was stopped anywhere is stopped here.
    pub serve_stale: Duration,
    /// How many tokens an app may have if its plan says nothing about it.
    pub token_quota: TokenRequestLimits,
    /// How long people stay signed in.
    pub session_limits: SessionLimits,
    /// How long apps may go on with what people granted.
    pub refresh_limits: RefreshLimits,
}

impl Default for AuthoritySettings {
    fn default() -> Self {
        Self {
            rotation: RotationPolicy::default(),
            client_secret_scrypt: ScryptParams::CLIENT_SECRET,
            hashing: HashingLimits { at_once: 1, waiting: 64 },
            password_scrypt: ScryptParams::PASSWORD,
            // A fifth of a second each, so that the last one waits for a few seconds.
            password_hashing: HashingLimits { at_once: 1, waiting: 24 },
            known_password_hashing: HashingLimits { at_once: 1, waiting: 8 },
            storage_plain_http: PlainHttp::Refused,
            export: ExportLimits::default(),
            snapshot_apps: 100_000,
            seen_token_bytes: 64 << 20,
            serve_stale: Duration::ZERO,
            token_quota: TokenRequestLimits::default(),
            session_limits: SessionLimits::default(),
            refresh_limits: RefreshLimits::default(),
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
    /// Sends mail; [`NoMail`](crate::sign_in::mail::NoMail) none.
    pub mail: Arc<dyn SendMail>,
    /// Tells apps of logouts; [`NoLogoutDelivery`](crate::logout::deliver_logout::NoLogoutDelivery) none.
    pub logout_delivery: Arc<dyn DeliverLogout>,
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
    pub(crate) follower: Arc<Follower>,
    pub(crate) snapshot: RegistrySnapshot,
    pub(crate) propagations: Arc<PropagationTotals>,
    pub(crate) hashing: SlowHashing,
    pub(crate) password_hashing: SlowHashing,
    pub(crate) known_password_hashing: SlowHashing,
    pub(crate) throttle: Throttle,
    pub(crate) known_places: KnownPlaces,
    pub(crate) basic_memory: BasicMemory,
    pub(crate) resets: WaitingResets,
    /// `None` where passkeys cannot be had; unset until somebody asks.
    pub(crate) relying_party: OnceLock<Option<RelyingParty>>,
    pub(crate) mail: Arc<dyn SendMail>,
    pub(crate) logout_delivery: Arc<dyn DeliverLogout>,
    pub(crate) logout_bell: Bell,
    pub(crate) logout_counters: LogoutCounters,
    pub(crate) books: Books,
    pub(crate) token_ledger: TokenLedger,
    pub(crate) storage_probe: Arc<dyn StorageProbe>,
    pub(crate) running_checks: RunningChecks,
    purges: Purges,
    pub(crate) settings: AuthoritySettings,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Authority {
    /// Puts an authority together.
    pub fn new(parts: AuthorityParts) -> Self {
        let following = Arc::clone(&parts.store);
        Self::following_through(parts, following)
    }

    /// The same with a way of its own to the same database by which changes are followed, so that however busy the
    /// other one is, this node stays in step.
    pub fn following_through(parts: AuthorityParts, following: Arc<dyn Store>) -> Self {
        let (clock, random) = (Arc::clone(&parts.clock), Arc::clone(&parts.random));
        let follower = Arc::new(Follower::new(following, Arc::clone(&clock), random));
        let propagations = Arc::new(PropagationTotals::default());
        let store =
            PropagatingStore::around(parts.store, Arc::clone(&follower), clock, Arc::clone(&propagations));
        Self {
            mac_keys: Arc::new(MacKeys::new(&parts.master_keys)),
            seal_keys: SealKeys::new(&parts.master_keys),
            hashing: SlowHashing::new(parts.settings.hashing),
            password_hashing: SlowHashing::new(parts.settings.password_hashing),
            known_password_hashing: SlowHashing::new(parts.settings.known_password_hashing),
            throttle: Throttle::default(),
            known_places: KnownPlaces::default(),
            basic_memory: BasicMemory::new(&parts.master_keys),
            resets: WaitingResets::default(),
            relying_party: OnceLock::new(),
            mail: parts.mail,
            logout_delivery: parts.logout_delivery,
            logout_bell: Bell::default(),
            logout_counters: LogoutCounters::default(),
            books: Books::default(),
            token_ledger: TokenLedger::default(),
            storage_probe: parts.storage_probe,
            running_checks: RunningChecks::default(),
            purges: Purges::default(),
            store: Arc::new(store),
            follower,
            snapshot: RegistrySnapshot::new(parts.settings.snapshot_apps),
            propagations,
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

    /// Whether this node can answer: it knows of the latest changes, or where nobody keeps it in step, finds them out.
    pub fn is_ready(&self) -> bool {
        self.in_step(LookUp::Anywhere).is_ok()
    }

    /// Has somebody told, who must not wait for anything, after every change that was applied here.
    pub fn on_change(&self, listener: Box<dyn Fn() + Send + Sync>) {
        self.follower.tell(listener);
    }

    /// A number that changes whenever something was killed in any instance.
    pub fn kills_version(&self) -> u64 {
        self.follower.kills.total_version()
    }

    /// Brings what was missing into memory.
    pub fn load(&self, missing: &Missing) -> Result<(), Fault> {
        self.snapshot.load(self, missing)
    }

    /// What everything that is looked up from now on knows of; an error if that may be too little to answer anything.
    pub(crate) fn in_step(&self, look_up: LookUp) -> Result<ChangeSequence, Fault> {
        let follower = &self.follower;
        if follower.lease.is_valid(self.clock.since_boot(), self.settings.serve_stale) {
            return Ok(follower.applied());
        }
        if follower.is_followed() {
            return Err(Fault::NotInStep);
        }
        match look_up {
            LookUp::InMemory => Err(Fault::NotInMemory(Missing::Changes)),
            LookUp::Anywhere => {
                follower.renew()?;
                Ok(follower.applied())
            }
        }
    }

    /// Writes what was noted off the request path (last uses, refusals, tokens) and removes what has expired. To be
    /// called every few seconds and before the process ends.
    pub fn keep_books(&self) -> Result<(), Fault> {
        self.books.write_to(self)?;
        answer_resets(self)?;
        self.token_ledger.write_to(self, Wanted::Due)?;
        let since_boot = self.clock.since_boot();
        self.follower.kills.drop_old(since_boot);
        if self.purges.is_due(since_boot) {
            self.purge()?;
        }
        Ok(())
    }

    /// [`Authority::keep_books`] for the last time, so that nothing is left to be written.
    pub fn close_books(&self) -> Result<(), Fault> {
        self.keep_books()?;
        Ok(self.token_ledger.write_to(self, Wanted::All)?)
    }

    /// Removes what has expired. No hurry: whether something has expired is looked at wherever it is used.
    fn purge(&self) -> Result<(), Fault> {
        let now = self.now();
        self.store.keep_books(|books| {
            books.purge_changes(now.minus(CHANGES_KEPT))?;
            // As long as the change log, from which nodes that start know of them.
            books.purge_revoked_tokens(now.minus(CHANGES_KEPT))?;
            books.purge_single_uses(now)?;
            books.purge_sign_ins(now.minus(SIGN_INS_KEPT))?;
            books.purge_token_counts(now.minus(TOKEN_COUNTS_KEPT))?;
            books.purge_refusal_counts(now.minus(TOKEN_COUNTS_KEPT))?;
            books.purge_management_tokens(now)?;
            books.purge_idempotent_requests(now)?;
            purge_usage(books, now)
        })?;
        Ok(())
    }

    /// How many notes were given up because the database was too slow for too long.
    pub fn notes_given_up(&self) -> u64 {
        self.books.backlog().given_up
    }

    pub(crate) fn random_bytes<const N: usize>(&self) -> [u8; N] {
        random_bytes(&*self.random)
    }
}

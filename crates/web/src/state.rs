//! What all handlers share.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use tokio::sync::Semaphore;
use turnkeep_guard::client_address::TrustedProxies;
use turnkeep_guard::failure_guard::{FailureGuard, FailureGuardSettings};
use turnkeep_guard::rate_limits::settings::RateLimitSettings;
use turnkeep_guard::rate_limits::shared::SharedLimits;
use turnkeep_guard::resource::adaptive_limit::{AdaptiveLimit, AdaptiveLimitSettings};
use turnkeep_guard::resource::guard_state::GuardState;
use turnkeep_guard::resource::load::Load;
use turnkeep_guard::resource::resource_guard::ResourceGuard;
use turnkeep_guard::resource::run_queue::RunQueueSettings;
use turnkeep_service::authority::Authority;

use crate::admission::gatekeeper::Gatekeeper;
use crate::from_memory::Loads;
use crate::kill_watch::KillWatch;
use crate::openapi::publish::PublishedDocuments;
use crate::password_turns::PasswordTurns;
use crate::telemetry::request_metrics::RequestMetrics;

/// How many revocations run at once. The others wait for their turn, at no cost for anybody else.
const REVOCATIONS: usize = 16;

/// How many callers who say that they take access away are looked at at once. Whoever is one runs without a turn.
const URGENT_CALLERS: usize = 16;

/// What can be set about the HTTP side.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// The brake on guessing secrets.
    pub failure_guard: FailureGuardSettings,
    /// How many requests may come.
    pub rate_limits: RateLimitSettings,
    /// When a thread that serves has too much to do.
    pub run_queue: RunQueueSettings,
    /// How many use cases may run or wait for a thread at once, at most; where they wait too long, fewer. What is over
    /// it is answered 503.
    pub in_flight: AdaptiveLimitSettings,
    /// How many polls may wait for kill marks at once; what is over it is answered at once.
    pub waiting_polls: usize,
}

impl Default for WebSettings {
    fn default() -> Self {
        Self {
            trusted_proxies: TrustedProxies::default(),
            failure_guard: FailureGuardSettings::default(),
            rate_limits: RateLimitSettings::default(),
            run_queue: RunQueueSettings::default(),
            in_flight: AdaptiveLimitSettings::up_to(256),
            waiting_polls: 10_000,
        }
    }
}

/// The state of the server, made once and shared by all workers in a [`web::Data`](actix_web::web::Data).
pub struct WebState {
    pub(crate) authority: Arc<Authority>,
    pub(crate) failure_guard: FailureGuard,
    pub(crate) gatekeeper: Gatekeeper,
    pub(crate) in_flight: AdaptiveLimit,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) loads: Loads,
    pub(crate) kill_watch: KillWatch,
    pub(crate) revocations: Arc<Semaphore>,
    pub(crate) urgent_callers: Arc<Semaphore>,
    pub(crate) password_turns: PasswordTurns,
    pub(crate) metrics: RequestMetrics,
    pub(crate) resource_guard: OnceLock<Arc<ResourceGuard>>,
    pub(crate) shared_limits: OnceLock<Arc<dyn SharedLimits>>,
    /// Whether it was said that a proxy is not trusted; once is enough.
    pub(crate) has_warned_of_proxy: AtomicBool,
    documents: OnceLock<PublishedDocuments>,
}

impl WebState {
    /// Puts the state together.
    pub fn new(authority: Arc<Authority>, settings: WebSettings) -> Self {
        Self {
            gatekeeper: Gatekeeper::new(&settings),
            kill_watch: KillWatch::new(&authority, settings.waiting_polls),
            password_turns: PasswordTurns::of(&authority),
            authority,
            failure_guard: FailureGuard::new(settings.failure_guard),
            in_flight: AdaptiveLimit::new(settings.in_flight),
            trusted_proxies: settings.trusted_proxies,
            loads: Loads::default(),
            revocations: Arc::new(Semaphore::new(REVOCATIONS)),
            urgent_callers: Arc::new(Semaphore::new(URGENT_CALLERS)),
            metrics: RequestMetrics::default(),
            resource_guard: OnceLock::new(),
            shared_limits: OnceLock::new(),
            has_warned_of_proxy: AtomicBool::new(false),
            documents: OnceLock::new(),
        }
    }

    /// Has the node watched by a resource guard, which may ask this state for its load. The first one stays.
    pub fn watch_by(&self, guard: Arc<ResourceGuard>) {
        let _ = self.resource_guard.set(guard);
    }

    /// Answers every poll that waits, and lets none wait from now on. To be called before the server stops, which waits
    /// for all requests under way.
    pub fn stop_waiting(&self) {
        self.kill_watch.stop();
    }

    /// How busy the server is, for the resource guard and nobody else: it is measured from one question to the next.
    pub fn load(&self) -> Load {
        let load = self.in_flight.load();
        let queue_delay = load.queue_delay.max(self.gatekeeper.take_least_pass());
        Load { queue_delay, turned_away: self.gatekeeper.take_turned_away(), ..load }
    }

    /// How much the node can take.
    pub(crate) fn guard_state(&self) -> GuardState {
        self.resource_guard.get().map_or(GuardState::Normal, |guard| guard.state())
    }

    /// Has limits counted together with other nodes, on top of this one's own. The first one stays.
    pub fn share_limits(&self, shared: Arc<dyn SharedLimits>) {
        let _ = self.shared_limits.set(shared);
    }

    /// The description of the API, if it has been made.
    pub(crate) fn made_documents(&self) -> Option<&PublishedDocuments> {
        self.documents.get()
    }

    /// The description of the API, made when somebody first asks for it.
    pub(crate) fn documents(&self) -> &PublishedDocuments {
        self.documents.get_or_init(|| PublishedDocuments::new(self.authority.base_url().as_str()))
    }
}

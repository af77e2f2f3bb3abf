//! What all handlers share.

use std::sync::{Arc, OnceLock};

use tokio::sync::Semaphore;
use turnkeep_guard::client_address::TrustedProxies;
use turnkeep_guard::failure_guard::{FailureGuard, FailureGuardSettings};
use turnkeep_guard::in_flight::InFlightLimit;
use turnkeep_service::authority::Authority;

use crate::from_memory::Loads;
use crate::kill_watch::KillWatch;
use crate::openapi::publish::PublishedDocuments;

/// How many revocations run at once. The others wait for their turn, at no cost for anybody else.
const REVOCATIONS: usize = 16;

/// What can be set about the HTTP side.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// The brake on guessing secrets.
    pub failure_guard: FailureGuardSettings,
    /// How many use cases may run or wait for a thread at once; what is over it is answered 503.
    pub in_flight: usize,
    /// How many polls may wait for kill marks at once; what is over it is answered at once.
    pub waiting_polls: usize,
}

impl Default for WebSettings {
    fn default() -> Self {
        Self {
            trusted_proxies: TrustedProxies::default(),
            failure_guard: FailureGuardSettings::default(),
            in_flight: 256,
            waiting_polls: 10_000,
        }
    }
}

/// The state of the server, made once and shared by all workers in a [`web::Data`](actix_web::web::Data).
pub struct WebState {
    pub(crate) authority: Arc<Authority>,
    pub(crate) failure_guard: FailureGuard,
    pub(crate) in_flight: InFlightLimit,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) loads: Loads,
    pub(crate) kill_watch: KillWatch,
    pub(crate) revocations: Semaphore,
    documents: OnceLock<PublishedDocuments>,
}

impl WebState {
    /// Puts the state together.
    pub fn new(authority: Arc<Authority>, settings: WebSettings) -> Self {
        Self {
            kill_watch: KillWatch::new(&authority, settings.waiting_polls),
            authority,
            failure_guard: FailureGuard::new(settings.failure_guard),
            in_flight: InFlightLimit::new(settings.in_flight),
            trusted_proxies: settings.trusted_proxies,
            loads: Loads::default(),
            revocations: Semaphore::new(REVOCATIONS),
            documents: OnceLock::new(),
        }
    }

    /// Answers every poll that waits, and lets none wait from now on. To be called before the server stops, which waits
    /// for all requests under way.
    pub fn stop_waiting(&self) {
        self.kill_watch.stop();
    }

    /// The description of the API, made when somebody first asks for it.
    pub(crate) fn documents(&self) -> &PublishedDocuments {
        self.documents.get_or_init(|| PublishedDocuments::new(self.authority.base_url().as_str()))
    }
}

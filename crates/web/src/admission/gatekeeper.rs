//! What decides about room for requests, shared by all threads.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use turnkeep_guard::rate_limits::limiter::RateLimits;
use turnkeep_guard::rate_limits::pacer::RejectionPacer;
use turnkeep_guard::resource::fair_shares::FairShares;
use turnkeep_guard::resource::run_queue::RunQueueSettings;
use turnkeep_guard::resource::running_count::Reader;

use crate::state::WebSettings;
use crate::telemetry::parked::Parked;

/// How fast refused requests are answered at most, in a second.
const REFUSALS: NonZeroU32 = NonZeroU32::MIN.saturating_add(999);
/// How many of them at once.
const REFUSALS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(99);
/// How long one waits at most.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Limits, shares and the state of the node.
pub(crate) struct Gatekeeper {
    pub(crate) limits: RateLimits,
    pub(crate) shares: FairShares,
    run_queue: RunQueueSettings,
    pacer: RejectionPacer,
    started: Instant,
    /// Of all threads, since somebody asked; `u64::MAX` without any.
    least_pass_micros: AtomicU64,
    /// Threads that serve.
    workers: AtomicU32,
    /// Requests without room whose answer waits.
    parked: AtomicUsize,
    sampled_served: Reader,
    sampled_turned_away: Reader,
}

impl Gatekeeper {
    pub(crate) fn new(settings: &WebSettings) -> Self {
        Self {
            limits: RateLimits::new(&settings.rate_limits),
            shares: FairShares::default(),
            run_queue: settings.run_queue,
            pacer: RejectionPacer::new(REFUSALS, REFUSALS_AT_ONCE, LONGEST_WAIT),
            started: Instant::now(),
            least_pass_micros: AtomicU64::new(u64::MAX),
            workers: AtomicU32::default(),
            parked: AtomicUsize::default(),
            sampled_served: Reader::default(),
            sampled_turned_away: Reader::default(),
        }
    }

    /// Time for what only compares times.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// How long the answer to a refused request waits.
    pub(crate) fn pace(&self) -> Duration {
        self.pacer.delay(self.now())
    }

    pub(crate) fn run_queue(&self) -> RunQueueSettings {
        self.run_queue
    }

    /// One more thread serves.
    pub(crate) fn note_worker(&self) {
        self.workers.fetch_add(1, Ordering::Relaxed);
    }

    /// Requests without room whose answer waits, for each thread that serves.
    pub(crate) fn parked_for_each_worker(&self) -> u32 {
        let parked = u32::try_from(self.parked.load(Ordering::Relaxed)).unwrap_or(u32::MAX);
        parked / self.workers.load(Ordering::Relaxed).max(1)
    }

    /// The answer to a request without room waits, until what is returned is dropped.
    pub(crate) fn park(&self) -> Parked<'_> {
        Parked::in_place(&self.parked)
    }

    pub(crate) fn note_pass(&self, least: Duration) {
        let micros = u64::try_from(least.as_micros()).unwrap_or(u64::MAX);
        if micros < self.least_pass_micros.load(Ordering::Relaxed) {
            self.least_pass_micros.fetch_min(micros, Ordering::Relaxed);
        }
    }

    /// The shortest pass of any thread since this was asked last; none without work.
    pub(crate) fn take_least_pass(&self) -> Duration {
        match self.least_pass_micros.swap(u64::MAX, Ordering::Relaxed) {
            u64::MAX => Duration::ZERO,
            micros => Duration::from_micros(micros),
        }
    }

    /// Which part of the requests was turned away for lack of room since this was asked last; none without requests.
    pub(crate) fn take_turned_away(&self) -> Option<f64> {
        let accepted = self.sampled_served.take_news(&self.shares.served);
        let away = self.sampled_turned_away.take_news(&self.shares.turned_away);
        let small = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let all = accepted.saturating_add(away);
        (all != 0).then(|| small(away) / small(all))
    }
}

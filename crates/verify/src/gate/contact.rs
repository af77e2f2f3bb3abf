//! When an issuer was last heard of, and what went wrong since. Says so in the log when that changes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::gate::status::{AuthorityError, SourceStatus};

const NEVER: u64 = u64::MAX;

/// One failed attempt is not worth a line: connections break, and a node may lag behind another for a moment.
const LOGGED_AFTER: u32 = 3;

/// The record of attempts at one document of an issuer.
pub(crate) struct Contact {
    issuer: String,
    document: &'static str,
    since: Instant,
    /// Milliseconds from `since` to the last success.
    last_success: AtomicU64,
    troubles: Mutex<Troubles>,
    attempted: watch::Sender<bool>,
}

#[derive(Clone, Copy, Default)]
struct Troubles {
    failures: u32,
    last_error: Option<AuthorityError>,
}

impl Contact {
    pub(crate) fn new(issuer: &str, document: &'static str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            document,
            since: Instant::now(),
            last_success: AtomicU64::new(NEVER),
            troubles: Mutex::default(),
            attempted: watch::Sender::new(false),
        }
    }

    pub(crate) fn succeeded(&self) {
        let now = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(NEVER - 1);
        self.last_success.store(now, Ordering::Release);
        let before = std::mem::take(&mut *self.troubles());
        if LOGGED_AFTER <= before.failures {
            tracing::info!(issuer = self.issuer, document = self.document, "the issuer can be heard again");
        }
        self.attempted.send_replace(true);
    }

    /// Returns how many attempts have failed in a row.
    pub(crate) fn failed(&self, error: AuthorityError) -> u32 {
        let failures = {
            let mut troubles = self.troubles();
            troubles.failures = troubles.failures.saturating_add(1);
            troubles.last_error = Some(error);
            troubles.failures
        };
        if failures == LOGGED_AFTER {
            tracing::warn!(issuer = self.issuer, document = self.document, %error, "no usable answer from the issuer");
        }
        self.attempted.send_replace(true);
        failures
    }

    /// Waits until the first attempt is over, however it ended.
    pub(crate) async fn first_attempt(&self) {
        if !*self.attempted.borrow() {
            // The sender lives as long as this does, so there is nothing to go wrong.
            let _ = self.attempted.subscribe().wait_for(|attempted| *attempted).await;
        }
    }

    /// How long ago the last success was.
    pub(crate) fn age(&self) -> Option<Duration> {
        match self.last_success.load(Ordering::Acquire) {
            NEVER => None,
            millis => Some(self.since.elapsed().saturating_sub(Duration::from_millis(millis))),
        }
    }

    pub(crate) fn status(&self) -> SourceStatus {
        let Troubles { failures, last_error } = *self.troubles();
        SourceStatus { age: self.age(), failures, last_error }
    }

    fn troubles(&self) -> MutexGuard<'_, Troubles> {
        // Nothing is ever half written.
        self.troubles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use turnkeep_domain::time::Timestamp;

use crate::fixtures::START;

/// A clock for tests; can be shared between threads.
#[derive(Debug)]
pub struct FixedClock {
    time: AtomicI64,
    since_boot: AtomicU64,
}

impl FixedClock {
    /// A clock that shows this time.
    pub fn at(time: Timestamp) -> Self {
        Self { time: AtomicI64::new(time.as_micros()), since_boot: AtomicU64::new(0) }
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.time.load(Ordering::SeqCst))
    }

    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        self.set(self.now().plus(by));
    }

    /// Makes it show this time, which may be an earlier one.
    pub fn set(&self, time: Timestamp) {
        self.time.store(time.as_micros(), Ordering::SeqCst);
    }

    /// How long the machine has been on. Moves only when somebody lets time pass.
    pub fn since_boot(&self) -> Duration {
        Duration::from_micros(self.since_boot.load(Ordering::SeqCst))
    }

    /// Lets time pass for nodes that wait for each other, without waiting. The time of day stays.
    pub fn pause(&self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.since_boot.fetch_add(micros, Ordering::SeqCst);
    }
}

/// A clock that shows [`START`].
impl Default for FixedClock {
    fn default() -> Self {
        Self::at(START)
    }
}

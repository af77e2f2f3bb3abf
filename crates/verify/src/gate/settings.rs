//! What can be set about a gate, and what it does if it is not told.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::access_token::CLOCK_SKEW;
use crate::gate::clock::{Clock, SystemClock};

/// What to do with tokens when the kill marks have not been confirmed for a while, since the authority is down or
/// cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StaleKillMarks {
    /// Go on with the marks that are held. [`crate::gate::TokenGate::status`] says how old they are.
    #[default]
    Accept,
    /// Refuse with 503 when they are older than that, and while there are none at all.
    RefuseAfter(Duration),
}

/// The settings of a gate.
#[derive(Clone)]
pub struct GateSettings {
    /// How far the clocks of issuer and resource server may differ; at most 60 s.
    pub clock_skew: Duration,
    /// About how much memory remembered tokens may take, in bytes: some 6 KiB each. Zero remembers none.
    pub remembered_bytes: u64,
    /// How often the key set is fetched without a cause.
    pub key_refresh: Duration,
    /// The least time between two fetches of the key set because of tokens with an unknown `kid`.
    pub unknown_key_refresh: Duration,
    /// For how long keys are used that could not be fetched again.
    pub keys_usable_for: Duration,
    /// How long one poll of the kill marks waits for something new; at most 30 s. As long as a connection that was cut
    /// without a word may go unnoticed.
    pub kill_marks_wait: Duration,
    /// What becomes of tokens when the kill marks are old.
    pub stale_kill_marks: StaleKillMarks,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl Default for GateSettings {
    fn default() -> Self {
        Self {
            clock_skew: CLOCK_SKEW,
            remembered_bytes: 64 * 1024 * 1024,
            key_refresh: Duration::from_mins(5),
            unknown_key_refresh: Duration::from_secs(10),
            keys_usable_for: Duration::from_hours(24),
            kill_marks_wait: Duration::from_secs(10),
            stale_kill_marks: StaleKillMarks::default(),
            clock: Arc::new(SystemClock),
        }
    }
}

impl fmt::Debug for GateSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateSettings")
            .field("clock_skew", &self.clock_skew)
            .field("remembered_bytes", &self.remembered_bytes)
            .field("key_refresh", &self.key_refresh)
            .field("unknown_key_refresh", &self.unknown_key_refresh)
            .field("keys_usable_for", &self.keys_usable_for)
            .field("kill_marks_wait", &self.kill_marks_wait)
            .field("stale_kill_marks", &self.stale_kill_marks)
            .finish_non_exhaustive()
    }
}

//! What can be set about a meter, and what it does if it is not told.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::gate::clock::{Clock, SystemClock};

/// What becomes of a take that cannot be written down: the journal is full, or the disk refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WhenUnrecorded {
    /// Refuse it with 503: nothing is used that nobody pays for.
    #[default]
    Refuse,
    /// Let it through, and count it in [`crate::meter::status::MeterStatus::uncounted_units`] only. Limits still bite.
    GoOn,
}

/// What becomes of tokens whose app has no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WithoutPlan {
    /// They are counted, and not limited.
    #[default]
    Unlimited,
    /// They are refused with 403.
    Refuse,
}

/// What a take has to outlive before it is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// The end of this process, however it comes. A machine that loses power may lose what was taken since the last
    /// report, some seconds.
    #[default]
    Written,
    /// Loss of power as well. Every take waits for the disk, one after the other: take on a thread that may block.
    Synced,
}

/// The settings of a meter.
#[derive(Clone)]
pub struct MeterSettings {
    /// How often usage is reported.
    pub report_every: Duration,
    /// How often usage is reported again that the authority refused for a reason that may pass: an app that it does not
    /// know (or not for this resource server), or a time that lies ahead of its clock.
    pub report_refused_every: Duration,
    /// The longest wait between attempts while the authority is down.
    pub longest_wait: Duration,
    /// How long a file of the journal may become until another is begun, in bytes; a take is some 50.
    pub segment_bytes: u64,
    /// How long the journal may become, in bytes: so much usage fits while the authority is down. A file that is
    /// complete shrinks to some 60 bytes for each app and hour. When it is full, it takes about four times as much
    /// memory.
    pub journal_bytes: u64,
    /// What becomes of takes that cannot be written down.
    pub when_unrecorded: WhenUnrecorded,
    /// What becomes of tokens whose app has no plan.
    pub without_plan: WithoutPlan,
    /// What a take has to outlive.
    pub durability: Durability,
    /// How many apps are kept in memory; some 200 bytes each. Beyond, those go that took nothing for the longest time
    /// and have nothing to report: what they used is known again when they are next reported.
    pub remembered_apps: usize,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl Default for MeterSettings {
    fn default() -> Self {
        Self {
            report_every: Duration::from_secs(5),
            report_refused_every: Duration::from_mins(5),
            longest_wait: Duration::from_mins(1),
            segment_bytes: 1024 * 1024,
            journal_bytes: 64 * 1024 * 1024,
            when_unrecorded: WhenUnrecorded::default(),
            without_plan: WithoutPlan::default(),
            durability: Durability::default(),
            remembered_apps: 100_000,
            clock: Arc::new(SystemClock),
        }
    }
}

impl fmt::Debug for MeterSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeterSettings")
            .field("report_every", &self.report_every)
            .field("report_refused_every", &self.report_refused_every)
            .field("longest_wait", &self.longest_wait)
            .field("segment_bytes", &self.segment_bytes)
            .field("journal_bytes", &self.journal_bytes)
            .field("when_unrecorded", &self.when_unrecorded)
            .field("without_plan", &self.without_plan)
            .field("durability", &self.durability)
            .field("remembered_apps", &self.remembered_apps)
            .finish_non_exhaustive()
    }
}

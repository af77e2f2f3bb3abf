//! How often apps were told of logouts, as numbers for whoever watches a node.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::authority::Authority;
use crate::logout::deliver_notices::Deliveries;

/// Since this process started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogoutTotals {
    /// Notices that an app has taken.
    pub delivered: u64,
    /// Attempts after which there is another.
    pub failed: u64,
    /// Notices that no app took.
    pub given_up: u64,
}

#[derive(Debug, Default)]
pub(crate) struct LogoutCounters {
    delivered: AtomicU64,
    failed: AtomicU64,
    given_up: AtomicU64,
}

impl LogoutCounters {
    pub(crate) fn count(&self, done: &Deliveries) {
        for (counter, number) in
            [(&self.delivered, done.delivered), (&self.failed, done.failed), (&self.given_up, done.given_up)]
        {
            counter.fetch_add(u64::from(number), Ordering::Relaxed);
        }
    }
}

impl Authority {
    /// How often apps were told of logouts by this node.
    pub fn logout_totals(&self) -> LogoutTotals {
        let LogoutCounters { delivered, failed, given_up } = &self.logout_counters;
        LogoutTotals {
            delivered: delivered.load(Ordering::Relaxed),
            failed: failed.load(Ordering::Relaxed),
            given_up: given_up.load(Ordering::Relaxed),
        }
    }
}

//! How long a node may serve from memory without having looked for changes.
//!
//! A node looks at the change log, applies what it finds, and says so in the database; from the moment before it began
//! to look it may then serve for [`LEASE`]. A mutation that finds a node behind waits until it has caught up, or for
//! `LEASE` and [`MARGIN`] after its own commit: whoever looked later has seen it, and who looked earlier has stopped.
//! Both measure on a clock of their own that never goes back, so no two clocks are ever compared.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long a node serves after it began to look for changes.
pub(crate) const LEASE: Duration = Duration::from_secs(2);

/// What a mutation waits longer: clocks that differ by more than 5 % in speed are broken.
pub(crate) const MARGIN: Duration = Duration::from_millis(100);

/// The lease of this node.
#[derive(Debug, Default)]
pub(crate) struct Lease {
    /// Nanoseconds since boot; 0 before the first look.
    begun: AtomicU64,
}

impl Lease {
    /// Everything that was committed before `begun` is applied.
    pub(crate) fn begin(&self, begun: Duration) {
        self.begun.store(nanos(begun), Ordering::Release);
    }

    /// Nothing may be served any more.
    pub(crate) fn end(&self) {
        self.begun.store(0, Ordering::Release);
    }

    /// Whether the node may serve, `stale` longer than the guarantee allows if that is not zero.
    pub(crate) fn is_valid(&self, since_boot: Duration, stale: Duration) -> bool {
        let begun = self.begun.load(Ordering::Acquire);
        begun != 0 && nanos(since_boot) < begun.saturating_add(nanos(LEASE + stale))
    }

    /// How long it has not looked for changes; `None` if it never did, or must not serve.
    pub(crate) fn age(&self, since_boot: Duration) -> Option<Duration> {
        let begun = self.begun.load(Ordering::Acquire);
        (begun != 0).then(|| Duration::from_nanos(nanos(since_boot).saturating_sub(begun)))
    }
}

/// A boot lasts less than 500 years. Zero stands for no lease.
fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_lease_counts_from_before_the_look_and_ends_by_itself() {
        let lease = Lease::default();
        assert!(!lease.is_valid(ms(0), Duration::ZERO));
        assert_eq!(lease.age(ms(5)), None);
        lease.begin(ms(1_000));
        for (now, valid) in [(1_000, true), (2_999, true), (3_000, false), (9_000, false)] {
            assert_eq!(lease.is_valid(ms(now), Duration::ZERO), valid, "{now}");
        }
        assert_eq!(lease.age(ms(1_500)), Some(ms(500)));
    }

    #[test]
    fn a_lease_that_was_ended_is_not_valid_even_where_stale_answers_are_allowed() {
        let lease = Lease::default();
        lease.begin(ms(1_000));
        assert!(lease.is_valid(ms(4_000), ms(1_001)));
        assert!(!lease.is_valid(ms(4_000), ms(1_000)));
        lease.end();
        assert!(!lease.is_valid(ms(1_000), ms(60_000)));
    }

    #[test]
    fn at_boot_a_lease_can_begin() {
        let lease = Lease::default();
        lease.begin(Duration::ZERO);
        assert!(lease.is_valid(ms(1), Duration::ZERO));
    }
}

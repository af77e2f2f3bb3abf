//! How fast refusals are answered: a flood that is refused at once comes back at once, and refusing costs too.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Spreads refusals over time. Share it between all workers.
#[derive(Debug)]
pub struct RejectionPacer {
    interval: u64,
    // How far the next slot may lie in the past: what a quiet time has saved up.
    saved: u64,
    longest: u64,
    // When the next slot is, in nanoseconds since the caller's fixed point.
    next: AtomicU64,
}

impl RejectionPacer {
    /// At most `rate_per_second` answers in a second, `burst` of them at once after a quiet time; no answer waits
    /// longer than `longest`.
    pub fn new(rate_per_second: NonZeroU32, burst: NonZeroU32, longest: Duration) -> Self {
        let interval = nanos(Duration::from_secs(1) / rate_per_second.get()).max(1);
        let saved = interval.saturating_mul(u64::from(burst.get()) - 1);
        // All that a quiet time can save is there at the start.
        Self { interval, saved, longest: nanos(longest), next: AtomicU64::new(0) }
    }

    /// How long the next refusal has to wait, which takes its slot. When so many wait that it would be longer than
    /// the longest, it waits for the longest and takes none. `now` is the time since any fixed point.
    pub fn delay(&self, now: Duration) -> Duration {
        let now = nanos(now).saturating_add(self.saved);
        let slot = |next: u64| next.max(now.saturating_sub(self.saved));
        let taken = self.next.try_update(Ordering::AcqRel, Ordering::Acquire, |next| {
            let slot = slot(next);
            (slot.saturating_sub(now) <= self.longest).then(|| slot.saturating_add(self.interval))
        });
        let delay = taken.map_or(self.longest, |next| slot(next).saturating_sub(now));
        Duration::from_nanos(delay)
    }
}

impl Default for RejectionPacer {
    /// 1,000 a second, 100 at once, none later than a second.
    fn default() -> Self {
        let count = |value| NonZeroU32::new(value).unwrap_or(NonZeroU32::MIN);
        Self::new(count(1_000), count(100), Duration::from_secs(1))
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn pacer(rate: u32, burst: u32, longest: Duration) -> RejectionPacer {
        let count = |value| NonZeroU32::new(value).unwrap();
        RejectionPacer::new(count(rate), count(burst), longest)
    }

    #[test]
    fn refusals_wait_their_turn_up_to_the_longest() {
        let pacer = pacer(100, 2, 30 * MS);
        for (now, delay) in [
            // Two at once, the others one after the other.
            (0, 0),
            (0, 0),
            (0, 10),
            (0, 20),
            (0, 30),
            // No slot is as near as 30 ms any more: they wait no longer, and take no slot from others.
            (0, 30),
            (0, 30),
            (10, 30),
            (15, 30),
            (20, 30),
            // A quiet time saves up one, and never more than two.
            (60, 0),
            (60, 10),
            (10_000, 0),
            (10_000, 0),
            (10_000, 10),
        ] {
            assert_eq!(pacer.delay(now * MS), delay * MS, "at {now} ms");
        }
    }

    #[test]
    fn a_flood_is_answered_at_the_set_rate() {
        let pacer = RejectionPacer::default();
        let mut answered = Vec::new();
        // 20 clients that come back as soon as they are answered, for ten seconds.
        let mut due: Vec<Duration> = vec![Duration::ZERO; 20];
        while let Some(next) = due.iter_mut().min().filter(|next| **next < Duration::from_secs(10)) {
            *next += pacer.delay(*next);
            answered.push(*next);
        }
        assert!((10_000..=10_200).contains(&answered.len()), "{}", answered.len());
    }

    #[test]
    fn threads_never_share_a_slot() {
        let pacer = pacer(1_000, 1, Duration::from_secs(1));
        let mut delays: Vec<Duration> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..100).map(|_| pacer.delay(Duration::ZERO)).collect::<Vec<_>>()))
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        delays.sort_unstable();
        let slots: Vec<Duration> = (0..400).map(|slot| slot * MS).collect();
        assert_eq!(delays, slots);
    }
}

//! One count against one quota, by governor's GCRA.
//!
//! A cell is the time, in nanoseconds since the limits were made, at which nothing will be owed any more. As the
//! quota is an argument, a cell outlives a change of the quota.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{NotKeyed, StateStore};
use governor::{Quota, RateLimiter};

use super::quota::RateQuota;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    /// How many more may come right now.
    pub(crate) remaining: u32,
    /// When all of them may come again.
    pub(crate) resets_in: Duration,
    /// When it may be tried again, if it was not counted because there was nothing left.
    pub(crate) refused_for: Option<Duration>,
}

/// Counts one request at `now`, in nanoseconds, unless there is nothing left: then nothing changes.
pub(crate) fn count(cell: &AtomicU64, quota: RateQuota, now: u64) -> Counted {
    let interval = nanos(quota.interval());
    let full = interval.saturating_mul(quota.requests().get().into());
    let state = OneCell { cell, now, full, owed: Cell::new(0) };
    let governor_quota = Quota::with_period(Duration::from_nanos(interval))
        .unwrap_or_else(|| Quota::per_second(quota.requests()))
        .allow_burst(quota.requests());
    let limiter = RateLimiter::<_, _, _, NoOpMiddleware<Nanos>>::new(governor_quota, state, Now);
    let refused_for = limiter.check().err().map(|not_until| not_until.wait_time_from(Now.now()));
    let owed = limiter.into_state_store().owed.get();
    Counted {
        remaining: u32::try_from(full.saturating_sub(owed) / interval).unwrap_or(u32::MAX),
        resets_in: Duration::from_nanos(owed),
        refused_for,
    }
}

/// Takes back one request that was counted.
pub(crate) fn forgive(cell: &AtomicU64, quota: RateQuota) {
    let interval = nanos(quota.interval());
    let forgiven = |until: u64| Some(until.saturating_sub(interval));
    let _ = cell.try_update(Ordering::AcqRel, Ordering::Acquire, forgiven);
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// The only instant there is during one look: everything in the state is relative to it.
struct Now;

impl Clock for Now {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::new(0)
    }
}

struct OneCell<'a> {
    cell: &'a AtomicU64,
    now: u64,
    // Nobody owes more than this: a quota that was made more generous takes effect at once.
    full: u64,
    // What is owed after the look, in nanoseconds.
    owed: Cell<u64>,
}

impl StateStore for OneCell<'_> {
    type Key = NotKeyed;

    fn measure_and_replace<T, F, E>(&self, _key: &NotKeyed, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut seen = self.cell.load(Ordering::Acquire);
        loop {
            let owed = seen.saturating_sub(self.now);
            if self.full < owed {
                seen = self.replace(seen, self.full).unwrap_or_else(|other| other);
                continue;
            }
            self.owed.set(owed);
            let (answer, next) = measure(Some(Nanos::from(owed)))?;
            match self.replace(seen, next.as_u64()) {
                Ok(_) => {
                    self.owed.set(next.as_u64());
                    return Ok(answer);
                }
                Err(other) => seen = other,
            }
        }
    }
}

impl OneCell<'_> {
    /// Makes `owed` what is owed from now on: what the cell then holds, or, as an error, what somebody else has
    /// put into it meanwhile.
    fn replace(&self, seen: u64, owed: u64) -> Result<u64, u64> {
        let until = self.now.saturating_add(owed);
        self.cell.compare_exchange(seen, until, Ordering::AcqRel, Ordering::Acquire).map(|_| until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn quota(text: &str) -> RateQuota {
        RateQuota::parse(text).unwrap()
    }

    #[test]
    fn what_is_left_and_when_all_is_back_are_exact() {
        let cell = AtomicU64::new(0);
        // (seconds since the start, remaining, resets in, refused for), with a request every 10 s given back
        for (at, remaining, resets_in, refused_for) in [
            (0, 2, 10, None),
            (0, 1, 20, None),
            (4, 0, 26, None),
            (4, 0, 26, Some(6)),
            (9, 0, 21, Some(1)),
            (10, 0, 30, None),
            (35, 1, 15, None),
            (1_000, 2, 10, None),
        ] {
            let expected = Counted {
                remaining,
                resets_in: Duration::from_secs(resets_in),
                refused_for: refused_for.map(Duration::from_secs),
            };
            assert_eq!(count(&cell, quota("3/30"), at * SECOND), expected, "at {at} s");
        }
    }

    #[test]
    fn a_more_generous_quota_takes_effect_at_once() {
        let cell = AtomicU64::new(0);
        for _ in 0..3 {
            count(&cell, quota("2/86400"), 0);
        }
        assert!(count(&cell, quota("2/86400"), 0).refused_for.is_some());
        // At most the new quota is owed: one of its 60 intervals later there is room.
        assert_eq!(count(&cell, quota("60/60"), 0).refused_for, Some(Duration::from_secs(1)));
        assert_eq!(count(&cell, quota("60/60"), SECOND).refused_for, None);
    }

    #[test]
    fn what_is_forgiven_can_be_taken_again() {
        let cell = AtomicU64::new(0);
        assert_eq!(count(&cell, quota("1/60"), 5).refused_for, None);
        forgive(&cell, quota("1/60"));
        assert_eq!(count(&cell, quota("1/60"), 5).refused_for, None);
        assert!(count(&cell, quota("1/60"), 5).refused_for.is_some());
    }

    #[test]
    fn the_largest_quotas_do_not_overflow() {
        for text in ["4294967295/1", "4294967295/86400", "1/86400"] {
            let cell = AtomicU64::new(0);
            let counted = count(&cell, quota(text), u64::MAX / 2);
            assert_eq!(
                (counted.refused_for, counted.remaining + 1),
                (None, quota(text).requests().get()),
                "{text}"
            );
        }
    }
}

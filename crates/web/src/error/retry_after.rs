//! When to come back.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use turnkeep_guard::rate_limits::standing::whole_seconds;

/// Whole seconds for a `Retry-After`, never less than the wait and at least one.
pub(crate) fn seconds(wait: Duration) -> u64 {
    whole_seconds(wait).max(1)
}

/// 1 to 5 seconds, so that those turned away together do not come back together.
pub(crate) fn jittered_seconds() -> u64 {
    1 + RandomState::new().hash_one(()) % 5
}

/// Between half of a time and one and a half of it.
pub(crate) fn jittered(about: Duration) -> Duration {
    let share = u32::try_from(RandomState::new().hash_one(()) % 1_000).unwrap_or_default();
    about / 2 + about * share / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up() {
        for (millis, expected) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (2_999, 3)] {
            assert_eq!(seconds(Duration::from_millis(millis)), expected);
        }
    }

    #[test]
    fn jitter_stays_in_its_bounds() {
        assert!((0..1_000).all(|_| (1..=5).contains(&jittered_seconds())));
    }
}

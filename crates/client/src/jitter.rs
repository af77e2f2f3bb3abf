//! Random waits, so that clients that were started or turned away together do not come back together.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// Anything from nothing to less than `limit`, in microseconds. Unpredictable enough for this, for nothing else.
pub(crate) fn below(limit: Duration) -> Duration {
    let micros = u64::try_from(limit.as_micros()).unwrap_or(u64::MAX).max(1);
    Duration::from_micros(RandomState::new().hash_one(()) % micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_below_its_limit_and_uses_all_of_it() {
        let limit = Duration::from_secs(1);
        let draws: Vec<Duration> = (0..1_000).map(|_| below(limit)).collect();
        assert!(draws.iter().all(|draw| *draw < limit));
        assert!(draws.iter().any(|draw| *draw < limit / 10));
        assert!(draws.iter().any(|draw| limit * 9 / 10 < *draw));
    }

    #[test]
    fn no_limit_means_no_wait() {
        assert_eq!(below(Duration::ZERO), Duration::ZERO);
    }
}

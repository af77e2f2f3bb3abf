//! How long calls took, and what bound they have.

use std::time::Duration;

/// How long a node may serve without having looked for changes.
pub(super) const LEASE: Duration = Duration::from_secs(2);

/// That and one second more: no call that changes anything takes longer on a machine that has nothing else to do,
/// whatever befalls others.
pub(super) const LONGEST_CALL: Duration = Duration::from_secs(3);

/// Machines that run such tests are slow for reasons of their own. A call that waits for what never comes takes longer
/// still.
pub(super) const NOISE: Duration = Duration::from_secs(5);

/// Durations of one kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Timings(Vec<Duration>);

impl Timings {
    pub(super) fn add(&mut self, took: Duration) {
        self.0.push(took);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The duration that `percent` of all do not exceed. None if there are none.
    pub(super) fn percentile(&self, percent: usize) -> Option<Duration> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let last = sorted.len().checked_sub(1)?;
        let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(place.min(last)).copied()
    }

    /// For people.
    pub(super) fn describe(&self) -> String {
        let ms = |percent| self.percentile(percent).unwrap_or_default().as_millis();
        format!("{} calls, p50 {} ms, p99 {} ms, max {} ms", self.len(), ms(50), ms(99), ms(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_sorted_durations() {
        let mut timings = Timings::default();
        assert_eq!(timings.percentile(50), None);
        for ms in (1..=200).rev() {
            timings.add(Duration::from_millis(ms));
        }
        for (percent, expected) in [(0, 1), (50, 100), (99, 198), (100, 200)] {
            assert_eq!(timings.percentile(percent), Some(Duration::from_millis(expected)));
        }
    }
}

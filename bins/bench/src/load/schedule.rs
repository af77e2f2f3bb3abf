//! When each request of a run is due.

use std::time::Duration;

use anyhow::Context;

/// All requests of a run, numbered from 0.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Schedule {
    /// `None`: each as soon as there is a connection for it.
    per_second: Option<u32>,
    total: u32,
    warm_up: u32,
}

impl Schedule {
    /// So many a second, evenly spaced. Those of the warm-up do not count.
    pub(super) fn at_rate(per_second: u32, seconds: u32, warm_up_seconds: u32) -> anyhow::Result<Self> {
        let total = seconds.checked_add(warm_up_seconds).and_then(|seconds| seconds.checked_mul(per_second));
        let total = total.context("that are too many requests for one run")?;
        Ok(Self { per_second: Some(per_second), total, warm_up: warm_up_seconds.saturating_mul(per_second) })
    }

    /// So many, as fast as the answers come.
    pub(super) fn once(total: u32) -> Self {
        Self { per_second: None, total, warm_up: 0 }
    }

    pub(super) fn total(&self) -> u32 {
        self.total
    }

    /// When a request is due, counted from the start of the run. `None`: it is as soon as it can be sent.
    pub(super) fn due(&self, number: u32) -> Option<Duration> {
        let per_second = self.per_second?;
        Some(Duration::from_secs_f64(f64::from(number) / f64::from(per_second)))
    }

    /// Whether a request is measured.
    pub(super) fn counts(&self, number: u32) -> bool {
        number >= self.warm_up
    }

    /// When the measurement begins.
    pub(super) fn measured_from(&self) -> Duration {
        self.due(self.warm_up).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_due_at_even_intervals_whatever_happens_to_them() {
        let schedule = Schedule::at_rate(4, 3, 1).unwrap();
        assert_eq!(schedule.total(), 16);
        assert_eq!(schedule.due(0), Some(Duration::ZERO));
        assert_eq!(schedule.due(7), Some(Duration::from_millis(1_750)));
        assert_eq!((schedule.counts(3), schedule.counts(4)), (false, true));
        assert_eq!(schedule.measured_from(), Duration::from_secs(1));
    }

    #[test]
    fn a_pass_has_no_times() {
        let schedule = Schedule::once(3);
        assert_eq!((schedule.total(), schedule.due(2), schedule.counts(0)), (3, None, true));
    }

    #[test]
    fn a_run_has_an_end() {
        assert!(Schedule::at_rate(u32::MAX, 1, 1).is_err());
        assert!(Schedule::at_rate(1, u32::MAX, 1).is_err());
    }
}

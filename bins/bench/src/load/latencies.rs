//! How long answers took, and the line that tells it.

use std::fmt;
use std::time::Duration;

use anyhow::Context;

/// Of a run, in the order of the answers.
#[derive(Debug, Default)]
pub(super) struct Latencies(Vec<Duration>);

impl Latencies {
    pub(super) fn with_capacity(answers: u32) -> Self {
        Self(Vec::with_capacity(usize::try_from(answers).unwrap_or_default()))
    }

    pub(super) fn note(&mut self, latency: Duration) {
        self.0.push(latency);
    }

    /// What there is to tell of a run that took so long.
    pub(super) fn figures(mut self, taken: Duration) -> anyhow::Result<Figures> {
        self.0.sort_unstable();
        let at = |thousandths: usize| {
            let index = self.0.len() * thousandths / 1_000;
            self.0.get(index).copied().context("nothing was measured")
        };
        let (p50, p99, p999) = (at(500)?, at(990)?, at(999)?);
        Ok(Figures { requests: self.0.len(), taken, p50, p99, p999 })
    }
}

/// The figures of a run. Shown as the line that the task which started it reads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Figures {
    pub(super) requests: usize,
    pub(super) taken: Duration,
    pub(super) p50: Duration,
    pub(super) p99: Duration,
    pub(super) p999: Duration,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, taken, p50, p99, p999 } = self;
        write!(
            f,
            "measured: requests={requests} microseconds={} p50={} p99={} p999={}",
            taken.as_micros(),
            p50.as_micros(),
            p99.as_micros(),
            p999.as_micros()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_answer_in_a_hundred_takes_longer_than_p99() {
        let mut latencies = Latencies::default();
        (0..2_000).rev().for_each(|micros| latencies.note(Duration::from_micros(micros)));
        let figures = latencies.figures(Duration::from_secs(2)).unwrap();
        assert_eq!(
            figures.to_string(),
            "measured: requests=2000 microseconds=2000000 p50=1000 p99=1980 p999=1998"
        );
    }

    #[test]
    fn no_answer_is_no_figure() {
        assert!(Latencies::default().figures(Duration::from_secs(1)).is_err());
    }
}

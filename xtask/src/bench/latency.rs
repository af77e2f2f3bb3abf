//! How long answers take.

use std::time::{Duration, Instant};

use anyhow::Context;

/// Of one question.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Latency {
    pub(super) p50: Duration,
    pub(super) p99: Duration,
}

impl Latency {
    /// Asks for one after the other, for so long, or so often, after a warm-up of one in ten.
    pub(super) fn measure(
        paths: &[String],
        mut ask: impl FnMut(&str) -> anyhow::Result<()>,
        longest: Duration,
        most: usize,
    ) -> anyhow::Result<Self> {
        let begin = Instant::now();
        let mut taken = Vec::new();
        for path in paths.iter().cycle() {
            let asked = Instant::now();
            ask(path)?;
            taken.push(asked.elapsed());
            if taken.len() >= most || begin.elapsed() > longest {
                break;
            }
        }
        Self::of(taken.split_off(taken.len() / 10)).context("there is nothing to ask")
    }

    fn of(mut taken: Vec<Duration>) -> Option<Self> {
        taken.sort_unstable();
        let at = |hundredths: usize| taken.get(taken.len() * hundredths / 100).copied();
        Some(Self { p50: at(50)?, p99: at(99)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_answers_are_faster_than_p50() {
        let taken = (0..200).rev().map(Duration::from_millis).collect();
        let expected = Latency { p50: Duration::from_millis(100), p99: Duration::from_millis(198) };
        assert_eq!(Latency::of(taken), Some(expected));
        assert_eq!(Latency::of(Vec::new()), None);
    }
}

//! How long requests took, as a histogram with few buckets: enough for a percentile, cheap enough for every request.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The upper bounds of the buckets in microseconds, and what they are in seconds. Above the last there is one more.
const BOUNDS: [(u64, f64); 11] = [
    (100, 0.000_1),
    (250, 0.000_25),
    (500, 0.000_5),
    (1_000, 0.001),
    (2_500, 0.002_5),
    (5_000, 0.005),
    (10_000, 0.01),
    (25_000, 0.025),
    (100_000, 0.1),
    (500_000, 0.5),
    (2_500_000, 2.5),
];

/// A histogram that any thread may add to.
#[derive(Debug, Default)]
pub(crate) struct Latency {
    buckets: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

/// What a histogram held at one moment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LatencyReading {
    /// All together.
    pub(crate) sum: Duration,
    /// How many.
    pub(crate) count: u64,
    /// The upper bound of each bucket in seconds, and how many are in it alone.
    pub(crate) buckets: Vec<(f64, u64)>,
}

impl Latency {
    /// Adds one.
    pub(crate) fn observe(&self, elapsed: Duration) {
        let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS.iter().take_while(|(bound, _)| *bound < micros).count();
        if let Some(bucket) = self.buckets.get(bucket) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// What there is.
    pub(crate) fn read(&self) -> LatencyReading {
        let bounds = BOUNDS.iter().map(|(_, seconds)| *seconds).chain([f64::INFINITY]);
        let counts = self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed));
        let buckets: Vec<(f64, u64)> = bounds.zip(counts).collect();
        LatencyReading {
            sum: Duration::from_micros(self.micros.load(Ordering::Relaxed)),
            count: buckets.iter().map(|(_, count)| count).sum(),
            buckets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_duration_is_in_the_first_bucket_that_holds_it() {
        for (micros, bound) in [
            (0, 0.000_1),
            (100, 0.000_1),
            (101, 0.000_25),
            (1_000, 0.001),
            (2_500_000, 2.5),
            (2_500_001, f64::INFINITY),
        ] {
            let latency = Latency::default();
            latency.observe(Duration::from_micros(micros));
            let reading = latency.read();
            let filled: Vec<f64> =
                reading.buckets.iter().filter(|(_, count)| *count == 1).map(|(bound, _)| *bound).collect();
            assert_eq!((filled, reading.count), (vec![bound], 1), "{micros}");
            assert_eq!(reading.sum, Duration::from_micros(micros));
        }
    }

    #[test]
    fn bounds_in_seconds_are_those_in_microseconds() {
        for (micros, seconds) in BOUNDS {
            assert_eq!(Duration::from_micros(micros), Duration::from_secs_f64(seconds));
        }
    }
}

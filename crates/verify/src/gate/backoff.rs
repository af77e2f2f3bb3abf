//! How long to wait after failures: longer each time up to a limit, and never all at once.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(200);

/// The wait after so many failures in a row: doubled each time, with the half of it left to chance, so that many
/// resource servers do not return to a restarted authority in step.
pub(crate) fn delay(failures: u32, longest: Duration, random: u32) -> Duration {
    let doubled = FIRST.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1))).min(longest);
    let half = doubled / 2;
    half + half.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// A number of chance. Should there be no randomness, the wait is merely the shortest one.
pub(crate) fn chance() -> u32 {
    let mut bytes = [0; 4];
    let _ = aws_lc_rs::rand::fill(&mut bytes);
    u32::from_ne_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let longest = Duration::from_secs(10);
        for (failures, shortest_ms, longest_ms) in [
            (0, 100, 200),
            (1, 100, 200),
            (2, 200, 400),
            (4, 800, 1_600),
            (7, 5_000, 10_000),
            (u32::MAX, 5_000, 10_000),
        ] {
            assert_eq!(delay(failures, longest, 0).as_millis(), shortest_ms, "{failures}");
            assert_eq!(delay(failures, longest, u32::MAX).as_millis(), longest_ms, "{failures}");
        }
    }
}

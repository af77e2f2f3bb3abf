//! How long the authority is left alone after a request that brought no token.

use std::time::Duration;

use crate::jitter;
use crate::token_error::Cause;

/// The longest wait that a `Retry-After` can cause, before its jitter: a mistake there must not end an app.
pub(crate) const LONGEST_ASKED: Duration = Duration::from_secs(3_600);

/// First and longest wait after what passes by itself.
const PASSING: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// First and longest wait after a refusal, which somebody has to do something about.
const REFUSED: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(120));

/// The wait after the last of `failures` failures in a row. It doubles from failure to failure, and half of it is
/// random. What the authority asked for goes before that, with something random on top; only a refusal is never
/// repeated earlier than by our own reckoning.
pub(crate) fn wait(cause: &Cause, failures: u32, asked: Option<Duration>) -> Duration {
    let refused = matches!(cause, Cause::Refused(_));
    let own = doubling(if refused { REFUSED } else { PASSING }, failures);
    match asked {
        Some(asked) if !asked.is_zero() => {
            let asked = asked.min(LONGEST_ASKED);
            let spread = (asked / 10).clamp(Duration::from_millis(500), Duration::from_secs(30));
            let asked = asked + jitter::below(spread);
            if refused { asked.max(own) } else { asked }
        }
        _ => own,
    }
}

fn doubling((first, longest): (Duration, Duration), failures: u32) -> Duration {
    let factor = 2_u32.saturating_pow(failures.saturating_sub(1));
    let whole = first.saturating_mul(factor).min(longest);
    whole / 2 + jitter::below(whole / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token_error::Refusal;

    const REFUSAL: Cause = Cause::Refused(Refusal::InvalidClient);

    /// Half a second to whole seconds, of many draws.
    fn assert_between(seconds: (f64, f64), draw: impl Fn() -> Duration) {
        for _ in 0..200 {
            let wait = draw().as_secs_f64();
            assert!(seconds.0 <= wait && wait <= seconds.1, "{wait} is not in {seconds:?}");
        }
    }

    #[test]
    fn waits_double_up_to_their_bound() {
        for (cause, failures, seconds) in [
            (Cause::Throttled, 1, (0.25, 0.5)),
            (Cause::Throttled, 2, (0.5, 1.0)),
            (Cause::Unavailable(503), 5, (4.0, 8.0)),
            (Cause::Unavailable(503), 7, (15.0, 30.0)),
            (Cause::TimedOut, u32::MAX, (15.0, 30.0)),
            (REFUSAL, 1, (5.0, 10.0)),
            (REFUSAL, 2, (10.0, 20.0)),
            (REFUSAL, u32::MAX, (60.0, 120.0)),
        ] {
            assert_between(seconds, || wait(&cause, failures, None));
        }
    }

    #[test]
    fn what_the_authority_asks_for_is_never_undercut_and_spread_a_little() {
        for (cause, failures, asked, seconds) in [
            (Cause::Throttled, 1, 7, (7.0, 7.7)),
            (Cause::Unavailable(503), 9, 1, (1.0, 1.5)),
            (Cause::Unavailable(503), 1, 600, (600.0, 630.0)),
            (Cause::Unavailable(503), 1, 0, (0.25, 0.5)),
            (Cause::Throttled, 1, u64::MAX, (3_600.0, 3_630.0)),
            (REFUSAL, 1, 1, (5.0, 10.0)),
            (REFUSAL, 1, 60, (60.0, 66.0)),
        ] {
            assert_between(seconds, || wait(&cause, failures, Some(Duration::from_secs(asked))));
        }
    }
}

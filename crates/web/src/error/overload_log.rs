//! Anybody can bring a queue of hashing to its limit: each request that it turns away is no news, and none of them may
//! drown what is. So once a minute one line tells of all of them.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use turnkeep_service::failure::Fault;

/// The shortest time between two lines.
const SELDOM: Duration = Duration::from_secs(60);

static TURNED_AWAY: Mutex<TurnedAway> = Mutex::new(TurnedAway { told_at: None, untold: 0 });

/// Those of whom the log does not know yet.
struct TurnedAway {
    told_at: Option<Instant>,
    untold: u64,
}

impl TurnedAway {
    /// One more; how many there are to tell of, if it is time.
    fn count(&mut self, now: Instant) -> Option<u64> {
        self.untold = self.untold.saturating_add(1);
        if self.told_at.is_some_and(|told_at| now.saturating_duration_since(told_at) < SELDOM) {
            return None;
        }
        self.told_at = Some(now);
        Some(std::mem::take(&mut self.untold))
    }
}

/// Notes that a request was turned away because too many secrets wait to be hashed.
pub(super) fn note_overload(fault: &Fault) {
    let due = TURNED_AWAY.lock().unwrap_or_else(PoisonError::into_inner).count(Instant::now());
    if let Some(requests) = due {
        let error: &dyn std::error::Error = fault;
        tracing::warn!(error, requests, "requests were turned away");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_requests_is_one_line_a_minute() {
        let mut turned_away = TurnedAway { told_at: None, untold: 0 };
        let start = Instant::now();
        let told: Vec<u64> = (0..10_000)
            .filter_map(|number| turned_away.count(start + Duration::from_millis(number * 10)))
            .collect();
        assert_eq!(told, [1, 6_000]);
        assert_eq!(turned_away.count(start + Duration::from_secs(3_600)), Some(4_000));
    }
}

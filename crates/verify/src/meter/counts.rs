//! The counts of the apps that a meter remembers: so many and no more.

use std::collections::HashMap;

use turnkeep_domain::id::AppId;
use turnkeep_domain::time::Timestamp;

use super::app_counts::{AppCounts, KnownUse};

/// How far the clock may go back without being believed: windows do not begin twice because of a correction.
const CORRECTION_SECONDS: i64 = 5 * 60;

/// More apps have usage that is not reported yet than are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManyApps;

/// Counts by app.
pub(super) struct Counts {
    apps: HashMap<AppId, Remembered>,
    at_most: usize,
    /// Rises with every use of an app.
    tick: u64,
    latest: Timestamp,
}

struct Remembered {
    counts: AppCounts,
    last_use: u64,
}

impl Counts {
    pub(super) fn new(at_most: usize) -> Self {
        let latest = Timestamp::from_micros(i64::MIN);
        Self { apps: HashMap::new(), at_most: at_most.max(1), tick: 0, latest }
    }

    /// The time to go by, which goes back only if the clock was far ahead.
    pub(super) fn steady(&mut self, now: Timestamp) -> Timestamp {
        let believed = self.latest.as_secs().saturating_sub(CORRECTION_SECONDS) <= now.as_secs();
        self.latest = if believed { self.latest.max(now) } else { now };
        self.latest
    }

    /// The counts of an app, with windows that contain `now`.
    pub(super) fn app(&mut self, app_id: AppId, now: Timestamp) -> Result<&mut AppCounts, TooManyApps> {
        if self.at_most <= self.apps.len() && !self.apps.contains_key(&app_id) {
            self.forget_some()?;
        }
        self.tick = self.tick.saturating_add(1);
        let fresh = || Remembered { counts: AppCounts::new(now), last_use: 0 };
        let remembered = self.apps.entry(app_id).or_insert_with(fresh);
        remembered.last_use = self.tick;
        remembered.counts.roll(now);
        Ok(&mut remembered.counts)
    }

    /// The counts of an app if it is remembered.
    pub(super) fn remembered(&mut self, app_id: AppId, now: Timestamp) -> Option<&mut AppCounts> {
        let remembered = self.apps.get_mut(&app_id)?;
        remembered.counts.roll(now);
        Some(&mut remembered.counts)
    }

    /// What the authority is known to have counted, of every app.
    pub(super) fn known(&self) -> Vec<(AppId, [KnownUse; 4])> {
        self.apps.iter().map(|(app_id, remembered)| (*app_id, remembered.counts.known())).collect()
    }

    /// Forgets a tenth of the apps that have nothing to report: those that were not used for the longest time.
    fn forget_some(&mut self) -> Result<(), TooManyApps> {
        let idle = self.apps.values().filter(|remembered| !remembered.counts.has_pending());
        let mut last_uses: Vec<u64> = idle.map(|remembered| remembered.last_use).collect();
        let last = last_uses.len().checked_sub(1).ok_or(TooManyApps)?;
        let (_, oldest, _) = last_uses.select_nth_unstable(last / 10);
        let oldest = *oldest;
        self.apps.retain(|_, remembered| oldest < remembered.last_use || remembered.counts.has_pending());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(number: u32) -> AppId {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        AppId::from_bytes(bytes)
    }

    #[test]
    fn a_million_apps_take_no_more_room_than_a_thousand() {
        let now = Timestamp::from_secs(1_795_000_000);
        let mut counts = Counts::new(1_000);
        counts.app(app(0), now).unwrap().charge(1);
        for number in 1..1_000_000 {
            counts.app(app(number), now).unwrap();
            assert!(counts.apps.len() <= 1_000);
        }
        assert!(counts.remembered(app(0), now).unwrap().has_pending(), "it has something to report");
        assert!(counts.remembered(app(999_999), now).is_some(), "the latest are remembered");
        assert!(counts.remembered(app(1), now).is_none());
    }

    #[test]
    fn nobody_is_forgotten_who_has_something_to_report() {
        let now = Timestamp::from_secs(1_795_000_000);
        let mut counts = Counts::new(2);
        for number in 0..2 {
            counts.app(app(number), now).unwrap().charge(1);
        }
        assert_eq!(counts.app(app(2), now).err(), Some(TooManyApps));
        assert!(counts.app(app(1), now).is_ok());
    }

    #[test]
    fn the_clock_goes_back_only_if_it_was_far_ahead() {
        let mut counts = Counts::new(1);
        for (clock, expected) in [(1_000, 1_000), (999, 1_000), (700, 1_000), (699, 699), (5_000, 5_000)] {
            assert_eq!(counts.steady(Timestamp::from_secs(clock)), Timestamp::from_secs(expected), "{clock}");
        }
    }
}

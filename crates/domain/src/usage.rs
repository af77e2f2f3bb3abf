//! Reports of usage in Document Units (seed 000 §4): what a resource server says that an app has used.

use std::fmt;

use crate::document_units::DocumentUnitLimits;
use crate::id::AppId;
use crate::time::Timestamp;
use crate::usage_window::UsageWindow;

/// Why a text is not the id of a usage event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to {} visible ASCII characters", UsageEventId::MAX_LENGTH)]
pub struct UsageEventIdError;

/// What a reporter calls an event: unique among its own, so that an event that is sent again is counted once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsageEventId(String);

impl UsageEventId {
    /// The longest id, in characters.
    pub const MAX_LENGTH: usize = 128;

    /// Accepts visible ASCII.
    pub fn parse(text: &str) -> Result<Self, UsageEventIdError> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && (1..=Self::MAX_LENGTH).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(UsageEventIdError)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UsageEventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a number is not a number of used units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must lie between 1 and {}", UsedUnits::MAX)]
pub struct UsedUnitsError;

/// Document Units of one event: at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsedUnits(u64);

impl UsedUnits {
    /// 2^53 - 1, as for limits.
    pub const MAX: u64 = DocumentUnitLimits::MAX;

    /// Accepts 1 to [`Self::MAX`].
    pub fn new(units: u64) -> Result<Self, UsedUnitsError> {
        if (1..=Self::MAX).contains(&units) { Ok(Self(units)) } else { Err(UsedUnitsError) }
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// A sum of units, which stops growing at [`Self::MAX`]: no JSON reader could hold more.
    pub fn sum(one: u64, other: u64) -> u64 {
        one.saturating_add(other).min(Self::MAX)
    }
}

/// How many events one report may have.
pub const MAX_EVENTS_AT_ONCE: usize = 1_000;

/// What an app has used at a moment, as its reporter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageEvent {
    /// What the reporter calls it.
    pub id: UsageEventId,
    /// Who used it.
    pub app_id: AppId,
    /// How much.
    pub units: UsedUnits,
    /// When; it counts in the windows of this moment.
    pub occurred_at: Timestamp,
}

/// What was used in one window of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsedByWindow([u64; UsageWindow::ALL.len()]);

impl UsedByWindow {
    /// Units in the window of this kind.
    pub fn of(&self, window: UsageWindow) -> u64 {
        let [hour, day, week, month] = self.0;
        match window {
            UsageWindow::Hour => hour,
            UsageWindow::Day => day,
            UsageWindow::Week => week,
            UsageWindow::Month => month,
        }
    }

    /// Adds units to the window of this kind, up to [`UsedUnits::MAX`].
    pub fn add(&mut self, window: UsageWindow, units: u64) {
        let [hour, day, week, month] = &mut self.0;
        let used = match window {
            UsageWindow::Hour => hour,
            UsageWindow::Day => day,
            UsageWindow::Week => week,
            UsageWindow::Month => month,
        };
        *used = UsedUnits::sum(*used, units);
    }

    /// Adds what was used in the same windows by somebody else.
    pub fn add_all(&mut self, other: &Self) {
        for window in UsageWindow::ALL {
            self.add(window, other.of(window));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_ids_are_visible_and_bounded() {
        let longest = "x".repeat(UsageEventId::MAX_LENGTH);
        for good in ["1", "a/b:c~", longest.as_str()] {
            assert_eq!(UsageEventId::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", " ", "a b", "é", "a\n", &"x".repeat(UsageEventId::MAX_LENGTH + 1)] {
            assert_eq!(UsageEventId::parse(bad), Err(UsageEventIdError), "{bad:?}");
        }
    }

    #[test]
    fn units_are_positive_and_bounded() {
        for good in [1, UsedUnits::MAX] {
            assert_eq!(UsedUnits::new(good).unwrap().get(), good);
        }
        for bad in [0, UsedUnits::MAX + 1, u64::MAX] {
            assert_eq!(UsedUnits::new(bad), Err(UsedUnitsError), "{bad}");
        }
        assert_eq!(UsedUnits::sum(1, 2), 3);
        assert_eq!(UsedUnits::sum(UsedUnits::MAX, 1), UsedUnits::MAX);
        assert_eq!(UsedUnits::sum(u64::MAX, u64::MAX), UsedUnits::MAX);
    }

    #[test]
    fn every_window_has_its_own_sum() {
        let mut used = UsedByWindow::default();
        for (number, window) in (1..).zip(UsageWindow::ALL) {
            used.add(window, number);
        }
        used.add_all(&used.clone());
        assert_eq!(UsageWindow::ALL.map(|window| used.of(window)), [2, 4, 6, 8]);
        used.add(UsageWindow::Week, u64::MAX);
        assert_eq!(UsageWindow::ALL.map(|window| used.of(window)), [2, 4, UsedUnits::MAX, 8]);
    }
}

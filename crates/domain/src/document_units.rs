//! Limits in Document Units, the measure of usage (seed 000 §4).

use crate::usage_window::UsageWindow;

/// Why limits contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentUnitsError {
    /// A number that JSON clients cannot hold exactly.
    #[error("a limit must not exceed {}", DocumentUnitLimits::MAX)]
    TooLarge,
    /// A longer window allows less than a shorter one.
    #[error("a longer window must allow at least as much as a shorter one")]
    Decreasing,
}

/// What each window allows; `None` is unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DocumentUnitLimits {
    hour: Option<u64>,
    day: Option<u64>,
    week: Option<u64>,
    month: Option<u64>,
}

impl DocumentUnitLimits {
    /// 2^53 - 1, the largest integer every JSON reader holds exactly (RFC 8259 §6).
    pub const MAX: u64 = 9_007_199_254_740_991;

    /// Checks that no longer window allows less than a shorter one.
    pub fn new(
        hour: Option<u64>,
        day: Option<u64>,
        week: Option<u64>,
        month: Option<u64>,
    ) -> Result<Self, DocumentUnitsError> {
        let given: Vec<u64> = [hour, day, week, month].into_iter().flatten().collect();
        if given.iter().any(|units| Self::MAX < *units) {
            return Err(DocumentUnitsError::TooLarge);
        }
        if !given.is_sorted() {
            return Err(DocumentUnitsError::Decreasing);
        }
        Ok(Self { hour, day, week, month })
    }

    /// Units per window of this kind.
    pub fn of(&self, window: UsageWindow) -> Option<u64> {
        match window {
            UsageWindow::Hour => self.hour,
            UsageWindow::Day => self.day,
            UsageWindow::Week => self.week,
            UsageWindow::Month => self.month,
        }
    }

    /// Units per hour.
    pub fn hour(&self) -> Option<u64> {
        self.hour
    }

    /// Units per day.
    pub fn day(&self) -> Option<u64> {
        self.day
    }

    /// Units per week.
    pub fn week(&self) -> Option<u64> {
        self.week
    }

    /// Units per month.
    pub fn month(&self) -> Option<u64> {
        self.month
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_windows_allow_no_less() {
        assert!(DocumentUnitLimits::new(Some(100), Some(250), Some(500), Some(1000)).is_ok());
        assert!(DocumentUnitLimits::new(Some(100), None, None, Some(100)).is_ok());
        assert!(DocumentUnitLimits::new(None, None, None, None).is_ok());
        assert_eq!(
            DocumentUnitLimits::new(Some(100), None, Some(99), None),
            Err(DocumentUnitsError::Decreasing)
        );
        assert_eq!(
            DocumentUnitLimits::new(None, None, None, Some(DocumentUnitLimits::MAX + 1)),
            Err(DocumentUnitsError::TooLarge)
        );
    }
}

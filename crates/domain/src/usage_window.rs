//! The windows in which Document Units are counted: hours, days, weeks and months of the calendar, in UTC.
//!
//! Everybody who counts (the authority, a resource server's meter) takes the windows from here, so that they agree.

use std::fmt;

use crate::calendar::{civil_from_days, days_from_civil};
use crate::time::Timestamp;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const DAYS_OF_WEEK: i64 = 7;

/// 1970-01-01 was a Thursday: so many days after a Monday.
const EPOCH_DAY_OF_WEEK: i64 = 3;

/// A kind of window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UsageWindow {
    /// From minute 0.
    Hour,
    /// From midnight, UTC.
    Day,
    /// From Monday (ISO 8601).
    Week,
    /// From the first.
    Month,
}

/// One window: from its start to right before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowSpan {
    /// The first moment of it.
    pub starts_at: Timestamp,
    /// The first moment of the next.
    pub resets_at: Timestamp,
}

impl UsageWindow {
    /// Every kind, the shortest first.
    pub const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Week, Self::Month];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.as_str() == name)
    }

    /// The window of this kind that a moment lies in.
    pub fn span_at(self, at: Timestamp) -> WindowSpan {
        let seconds = at.as_secs();
        let day = seconds.div_euclid(DAY);
        let (start, end) = match self {
            Self::Hour => {
                let start = seconds - seconds.rem_euclid(HOUR);
                (start, start + HOUR)
            }
            Self::Day => (day * DAY, (day + 1) * DAY),
            Self::Week => {
                let monday = day - (day + EPOCH_DAY_OF_WEEK).rem_euclid(DAYS_OF_WEEK);
                (monday * DAY, (monday + DAYS_OF_WEEK) * DAY)
            }
            Self::Month => {
                let (year, month, _) = civil_from_days(day);
                let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                (days_from_civil(year, month, 1) * DAY, days_from_civil(next.0, next.1, 1) * DAY)
            }
        };
        WindowSpan { starts_at: Timestamp::from_secs(start), resets_at: Timestamp::from_secs(end) }
    }
}

impl fmt::Display for UsageWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl WindowSpan {
    /// Whether a moment lies in it.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.starts_at <= at && at < self.resets_at
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{DateTime, Weekday};
    use jiff::{ToSpan, tz::TimeZone};
    use proptest::prelude::*;

    use super::*;

    fn civil(at: Timestamp) -> DateTime {
        jiff::Timestamp::from_microsecond(at.as_micros()).unwrap().to_zoned(TimeZone::UTC).datetime()
    }

    fn at(text: &str) -> Timestamp {
        let parsed: jiff::Timestamp = text.parse().unwrap();
        Timestamp::from_micros(parsed.as_microsecond())
    }

    /// What a calendar that somebody else wrote says.
    fn expected(window: UsageWindow, at: Timestamp) -> (DateTime, DateTime) {
        let midnight = civil(at).date().to_datetime(jiff::civil::Time::midnight());
        match window {
            UsageWindow::Hour => {
                let start = midnight.with().hour(civil(at).hour()).build().unwrap();
                (start, start + 1.hour())
            }
            UsageWindow::Day => (midnight, midnight + 1.day()),
            UsageWindow::Week => {
                let since = midnight.weekday().since(Weekday::Monday);
                let monday = midnight - i64::from(since).days();
                (monday, monday + 1.week())
            }
            UsageWindow::Month => {
                let first = midnight.first_of_month();
                (first, first + 1.month())
            }
        }
    }

    proptest! {
        #[test]
        fn windows_are_those_of_the_calendar(micros in -30_000_000_000_000_000_i64..95_000_000_000_000_000) {
            let at = Timestamp::from_micros(micros);
            for window in UsageWindow::ALL {
                let span = window.span_at(at);
                prop_assert_eq!((civil(span.starts_at), civil(span.resets_at)), expected(window, at));
                prop_assert!(span.contains(at));
            }
        }

        #[test]
        fn windows_follow_each_other_without_gaps(micros in -30_000_000_000_000_000_i64..95_000_000_000_000_000) {
            for window in UsageWindow::ALL {
                let span = window.span_at(Timestamp::from_micros(micros));
                let last = Timestamp::from_micros(span.resets_at.as_micros() - 1);
                prop_assert_eq!(window.span_at(span.starts_at), span);
                prop_assert_eq!(window.span_at(last), span);
                prop_assert_eq!(window.span_at(span.resets_at).starts_at, span.resets_at);
            }
        }
    }

    #[test]
    fn boundaries() {
        for (window, moment, starts, resets) in [
            (
                UsageWindow::Hour,
                "2026-11-21T21:59:59.999999Z",
                "2026-11-21T21:00:00Z",
                "2026-11-21T22:00:00Z",
            ),
            (UsageWindow::Day, "2026-12-31T23:59:59Z", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"),
            // A week of ISO 8601 begins on Monday, and does not end with the year.
            (UsageWindow::Week, "2026-11-22T23:59:59Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"),
            (UsageWindow::Week, "2027-01-01T00:00:00Z", "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z"),
            (UsageWindow::Month, "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
            (UsageWindow::Month, "2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            (UsageWindow::Month, "1969-12-31T23:59:59Z", "1969-12-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ] {
            let expected = WindowSpan { starts_at: at(starts), resets_at: at(resets) };
            assert_eq!(window.span_at(at(moment)), expected, "{window} {moment}");
            assert!(!expected.contains(expected.resets_at));
        }
    }

    #[test]
    fn the_ends_of_time_have_windows_too() {
        for micros in [i64::MIN, i64::MAX] {
            for window in UsageWindow::ALL {
                let span = window.span_at(Timestamp::from_micros(micros));
                assert!(span.starts_at <= span.resets_at, "{window}");
            }
        }
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for window in UsageWindow::ALL {
            assert_eq!(UsageWindow::from_name(&window.to_string()), Some(window));
        }
        assert_eq!(UsageWindow::from_name("year"), None);
    }
}

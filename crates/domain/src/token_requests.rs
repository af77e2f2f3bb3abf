//! How many tokens an app may ask for (seed 000 §4: clients should avoid unnecessary token requests). Not to be
//! confused with Document Units, which count what the tokens are used for.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::time::Timestamp;

/// Why limits of token requests are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRequestLimitsError {
    /// An app that may have no token at all is disabled instead.
    #[error("a limit of token requests must be at least 1")]
    Zero,
    /// A longer window allows less than a shorter one.
    #[error("a longer window must allow at least as many token requests as a shorter one")]
    Decreasing,
    /// A text that is not like `hour=2000, day=20000`.
    #[error("a token quota is written like hour=2000, day=20000, with whole numbers, or none")]
    Text,
}

/// What happens at the end of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuotaMode {
    /// Further requests are refused.
    #[default]
    Enforced,
    /// Further requests are served; that they would have been refused is counted and logged.
    DryRun,
}

/// A window of a quota. Both begin by UTC: at the full hour, at midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotaWindow {
    /// A clock hour.
    Hour,
    /// A calendar day.
    Day,
}

impl QuotaWindow {
    /// Shortest first.
    pub const ALL: [Self; 2] = [Self::Hour, Self::Day];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// How long it is.
    pub const fn length(self) -> Duration {
        match self {
            Self::Hour => Duration::from_secs(3_600),
            Self::Day => Duration::from_secs(86_400),
        }
    }

    /// When the window that a time lies in has begun.
    pub fn start(self, at: Timestamp) -> Timestamp {
        let length = i64::try_from(self.length().as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_secs(at.as_secs().div_euclid(length).saturating_mul(length))
    }

    /// How long it is until the next window begins; never zero.
    pub fn left(self, at: Timestamp) -> Duration {
        self.start(at).plus(self.length()).since(at)
    }
}

/// How many tokens an app may have per window; `None` is unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenRequestLimits {
    minute: Option<NonZeroU32>,
    hour: Option<NonZeroU32>,
    day: Option<NonZeroU32>,
    mode: QuotaMode,
}

impl TokenRequestLimits {
    /// Checks that no limit is zero, and that no longer window allows less than a shorter one.
    pub fn new(
        minute: Option<u32>,
        hour: Option<u32>,
        day: Option<u32>,
        mode: QuotaMode,
    ) -> Result<Self, TokenRequestLimitsError> {
        let given: Vec<u32> = [minute, hour, day].into_iter().flatten().collect();
        if given.contains(&0) {
            return Err(TokenRequestLimitsError::Zero);
        }
        if !given.is_sorted() {
            return Err(TokenRequestLimitsError::Decreasing);
        }
        let limit = |requests: Option<u32>| requests.and_then(NonZeroU32::new);
        Ok(Self { minute: limit(minute), hour: limit(hour), day: limit(day), mode })
    }

    /// Reads what an operator sets for apps whose plan says nothing: `hour=2000, day=20000`, one of the two, or `none`.
    pub fn parse(text: &str, mode: QuotaMode) -> Result<Self, TokenRequestLimitsError> {
        let (mut hour, mut day) = (None, None);
        if text.trim() != "none" {
            for part in text.split(',') {
                let (window, requests) = part.split_once('=').ok_or(TokenRequestLimitsError::Text)?;
                let slot = match window.trim() {
                    "hour" => &mut hour,
                    "day" => &mut day,
                    _ => return Err(TokenRequestLimitsError::Text),
                };
                let requests = requests.trim().parse().map_err(|_| TokenRequestLimitsError::Text)?;
                if slot.replace(requests).is_some() {
                    return Err(TokenRequestLimitsError::Text);
                }
            }
        }
        Self::new(None, hour, day, mode)
    }

    /// Requests per minute: a rate, replenished evenly, and always enforced like the other rate limits.
    pub const fn minute(&self) -> Option<NonZeroU32> {
        self.minute
    }

    /// Tokens per hour.
    pub const fn hour(&self) -> Option<NonZeroU32> {
        self.hour
    }

    /// Tokens per day.
    pub const fn day(&self) -> Option<NonZeroU32> {
        self.day
    }

    /// What happens at the end of the hour's or day's quota.
    pub const fn mode(&self) -> QuotaMode {
        self.mode
    }

    /// The quota of a window.
    pub const fn quota(&self, window: QuotaWindow) -> Option<NonZeroU32> {
        match window {
            QuotaWindow::Hour => self.hour,
            QuotaWindow::Day => self.day,
        }
    }

    /// Whether it says anything about hours or days.
    pub const fn has_quota(&self) -> bool {
        self.hour.is_some() || self.day.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::TokenRequestLimitsError::{Decreasing, Text, Zero};
    use super::*;

    #[test]
    fn limits_are_at_least_one_and_longer_windows_allow_no_less() {
        for (minute, hour, day, expected) in [
            (None, None, None, Ok(())),
            (Some(1), Some(1), Some(1), Ok(())),
            (Some(60), None, Some(60), Ok(())),
            (None, None, Some(u32::MAX), Ok(())),
            (Some(0), None, None, Err(Zero)),
            (None, None, Some(0), Err(Zero)),
            (Some(2), Some(1), None, Err(Decreasing)),
            (Some(2), None, Some(1), Err(Decreasing)),
        ] {
            let made = TokenRequestLimits::new(minute, hour, day, QuotaMode::Enforced);
            assert_eq!(made.map(drop), expected, "{minute:?} {hour:?} {day:?}");
        }
    }

    #[test]
    fn a_setting_is_read() {
        for (text, expected) in [
            ("hour=2000, day=20000", Ok((Some(2_000), Some(20_000)))),
            (" day = 5 ", Ok((None, Some(5)))),
            ("none", Ok((None, None))),
            ("", Err(Text)),
            ("minute=5", Err(Text)),
            ("hour=5,hour=6", Err(Text)),
            ("hour=-5", Err(Text)),
            ("hour=4294967296", Err(Text)),
            ("hour", Err(Text)),
            ("hour=0", Err(Zero)),
            ("day=5,hour=6", Err(Decreasing)),
        ] {
            let read = TokenRequestLimits::parse(text, QuotaMode::DryRun);
            let numbers = read.map(|it| (it.hour().map(NonZeroU32::get), it.day().map(NonZeroU32::get)));
            assert_eq!(numbers, expected, "{text}");
        }
    }

    #[test]
    fn windows_begin_at_the_full_hour_and_at_midnight() {
        use QuotaWindow::{Day, Hour};
        // 1970-01-02T01:00:00Z is 90,000 s after the epoch.
        for (window, at, start, left) in [
            (Hour, 90_000, 90_000, 3_600),
            (Hour, 93_599, 90_000, 1),
            (Day, 90_000, 86_400, 82_800),
            (Day, 172_799, 86_400, 1),
            (Hour, -1, -3_600, 1),
        ] {
            let at = Timestamp::from_secs(at);
            assert_eq!(window.start(at), Timestamp::from_secs(start), "{window:?} {at:?}");
            assert_eq!(window.left(at), Duration::from_secs(left), "{window:?} {at:?}");
        }
        let last = Timestamp::from_micros(90_000_000_000 - 1);
        assert_eq!(Hour.left(last), Duration::from_micros(1));
    }
}

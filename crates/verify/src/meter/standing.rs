//! How far an app is with one of its limits, and how that is said in the header fields of
//! draft-ietf-httpapi-ratelimit-headers-10.

use std::fmt;
use std::time::Duration;

use turnkeep_domain::usage_window::UsageWindow;

/// The largest integer of a structured field (RFC 9651 §3.3.1).
const LARGEST: u64 = 999_999_999_999_999;

/// What a plan limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MeteredWindow {
    /// Requests in a minute of the clock; counted by each meter for itself, and from nothing after a restart.
    Requests,
    /// Document Units.
    Units(UsageWindow),
}

impl MeteredWindow {
    /// The name of the policy: `requests-minute`, `units-hour` and so on.
    pub const fn policy(self) -> &'static str {
        match self {
            Self::Requests => "requests-minute",
            Self::Units(UsageWindow::Hour) => "units-hour",
            Self::Units(UsageWindow::Day) => "units-day",
            Self::Units(UsageWindow::Week) => "units-week",
            Self::Units(UsageWindow::Month) => "units-month",
        }
    }
}

impl fmt::Display for MeteredWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.policy())
    }
}

/// One limit of a plan, and what is used of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What is limited.
    pub window: MeteredWindow,
    /// How much may be used in the window.
    pub limit: u64,
    /// How much is used, as far as this meter knows. After a change of plan it may be more than the limit.
    pub used: u64,
    /// How long the whole window is.
    pub length: Duration,
    /// How long it lasts from now.
    pub resets_in: Duration,
}

impl Standing {
    /// What is left.
    pub const fn remaining(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// Seconds until the window is over, rounded up.
    pub const fn resets_in_seconds(&self) -> u64 {
        let begun = if 0 < self.resets_in.subsec_nanos() { 1 } else { 0 };
        self.resets_in.as_secs().saturating_add(begun)
    }

    /// The value of `RateLimit-Policy`: `"units-hour";q=100;w=3600;qu="document-units"`.
    pub fn policy_header(&self) -> String {
        let unit = match self.window {
            MeteredWindow::Requests => "",
            MeteredWindow::Units(_) => r#";qu="document-units""#,
        };
        format!(r#""{}";q={};w={}{unit}"#, self.window, self.limit.min(LARGEST), self.length.as_secs())
    }

    /// The value of `RateLimit`: `"units-hour";r=25;t=1800`.
    pub fn limit_header(&self) -> String {
        format!(r#""{}";r={};t={}"#, self.window, self.remaining().min(LARGEST), self.resets_in_seconds())
    }

    /// Whether more of this limit is used than of another, in proportion. A limit of nothing is used up.
    pub(super) fn is_tighter_than(&self, other: &Self) -> bool {
        if self.limit == 0 || other.limit == 0 {
            return self.limit == 0 && other.limit != 0;
        }
        let share = |one: u64, limit: u64| u128::from(one) * u128::from(limit);
        share(other.used, self.limit) < share(self.used, other.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(window: MeteredWindow, limit: u64, used: u64) -> Standing {
        let (length, resets_in) = (Duration::from_secs(3_600), Duration::from_millis(59_001));
        Standing { window, limit, used, length, resets_in }
    }

    #[test]
    fn header_fields() {
        let hour = standing(MeteredWindow::Units(UsageWindow::Hour), 100, 75);
        assert_eq!(hour.policy_header(), r#""units-hour";q=100;w=3600;qu="document-units""#);
        assert_eq!(hour.limit_header(), r#""units-hour";r=25;t=60"#);
        let requests = standing(MeteredWindow::Requests, 10, 11);
        assert_eq!(requests.policy_header(), r#""requests-minute";q=10;w=3600"#);
        assert_eq!(requests.limit_header(), r#""requests-minute";r=0;t=60"#);
        // A structured field has no larger integers.
        let large = standing(MeteredWindow::Units(UsageWindow::Month), 9_007_199_254_740_991, 0);
        assert_eq!(large.policy_header(), r#""units-month";q=999999999999999;w=3600;qu="document-units""#);
        assert_eq!(large.limit_header(), r#""units-month";r=999999999999999;t=60"#);
    }

    #[test]
    fn the_tighter_limit_is_the_one_of_which_more_is_used() {
        for (limit, used, other_limit, other_used, expected) in [
            (100, 50, 1_000, 499, true),
            (100, 50, 1_000, 500, false),
            (100, 50, 1_000, 501, false),
            (100, 0, 100, 0, false),
            (0, 0, 100, 100, true),
            (0, 0, 0, 5, false),
            (100, 100, 0, 0, false),
            (u64::MAX, u64::MAX, u64::MAX, u64::MAX - 1, true),
        ] {
            let one = standing(MeteredWindow::Requests, limit, used);
            let other = standing(MeteredWindow::Requests, other_limit, other_used);
            assert_eq!(one.is_tighter_than(&other), expected, "{one:?} {other:?}");
        }
    }
}

//! How old a tenant lets the secrets of its apps become, and when to warn of an end that comes near.

use std::time::Duration;

use crate::time::Timestamp;

const DAY: Duration = Duration::from_secs(86_400);

/// Why a maximum age is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a maximum age has 1 to {} whole days", SecretMaxAge::MAX_DAYS)]
pub struct SecretMaxAgeError;

/// The oldest a secret may become, in whole days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretMaxAge(u16);

impl SecretMaxAge {
    /// Ten years.
    pub const MAX_DAYS: u16 = 3_650;

    /// How long secrets that exist when an age is set go on at least, so that setting it stops nobody at once.
    pub const GRACE: Duration = Duration::from_secs(30 * 86_400);

    /// From whole days.
    pub const fn from_days(days: u16) -> Result<Self, SecretMaxAgeError> {
        if 1 <= days && days <= Self::MAX_DAYS { Ok(Self(days)) } else { Err(SecretMaxAgeError) }
    }

    /// In whole days.
    pub const fn days(self) -> u16 {
        self.0
    }

    /// The latest end of a secret made at this time.
    pub fn limit_of_new(self, created_at: Timestamp) -> Timestamp {
        created_at.plus(DAY.saturating_mul(self.0.into()))
    }

    /// The latest end of a secret that exists already when the age is set, `now`.
    pub fn limit_of_existing(self, created_at: Timestamp, now: Timestamp) -> Timestamp {
        self.limit_of_new(created_at).max(now.plus(Self::GRACE))
    }
}

/// How near a secret's end is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretExpiryWarning {
    /// 30 days or less are left.
    Within30Days,
    /// 7 days or less are left.
    Within7Days,
    /// One day or less is left.
    Within1Day,
}

impl SecretExpiryWarning {
    /// The level at this time; none if the end is far, over, or not set.
    pub fn of(expires_at: Option<Timestamp>, now: Timestamp) -> Option<Self> {
        let expires_at = expires_at.filter(|end| now < *end)?;
        let left = expires_at.since(now);
        if left <= DAY {
            Some(Self::Within1Day)
        } else if left <= DAY.saturating_mul(7) {
            Some(Self::Within7Days)
        } else if left <= DAY.saturating_mul(30) {
            Some(Self::Within30Days)
        } else {
            None
        }
    }

    /// The level in days.
    pub const fn days(self) -> u16 {
        match self {
            Self::Within30Days => 30,
            Self::Within7Days => 7,
            Self::Within1Day => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_secs(number * 86_400)
    }

    #[test]
    fn ages_are_bounded() {
        for (days, accepted) in [(0, false), (1, true), (3_650, true), (3_651, false)] {
            assert_eq!(SecretMaxAge::from_days(days).is_ok(), accepted, "{days}");
        }
    }

    #[test]
    fn a_new_secret_has_its_age_and_an_existing_one_has_at_least_30_days_more() {
        let age = SecretMaxAge::from_days(90).unwrap();
        assert_eq!(age.limit_of_new(day(10)), day(100));
        for (created, now, expected) in [(10, 20, 100), (10, 70, 100), (10, 71, 101), (10, 400, 430)] {
            assert_eq!(age.limit_of_existing(day(created), day(now)), day(expected), "{created} {now}");
        }
    }

    #[test]
    fn warnings_come_30_7_and_1_days_before_the_end() {
        use SecretExpiryWarning::{Within1Day, Within7Days, Within30Days};
        for (left, expected) in [
            (31 * 86_400, None),
            (30 * 86_400 + 1, None),
            (30 * 86_400, Some(Within30Days)),
            (7 * 86_400 + 1, Some(Within30Days)),
            (7 * 86_400, Some(Within7Days)),
            (86_400 + 1, Some(Within7Days)),
            (86_400, Some(Within1Day)),
            (1, Some(Within1Day)),
            (0, None),
            (-1, None),
        ] {
            let expires_at = Timestamp::from_secs(1_000_000 + left);
            let warning = SecretExpiryWarning::of(Some(expires_at), Timestamp::from_secs(1_000_000));
            assert_eq!(warning, expected, "{left}");
        }
        assert_eq!(SecretExpiryWarning::of(None, day(1)), None);
    }
}

//! Why units may not be taken, and how a resource server says so.

use serde_json::json;

use super::charge::headers_of;
use super::standing::Standing;

/// A refused take. Nothing was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MeterRefusal {
    /// The plan does not allow so many units, or so many requests: 429. Of several limits that are in the way this is
    /// the one that is longest so.
    #[error("the plan's limit {} is reached", .standing.window)]
    QuotaExceeded {
        /// The limit in the way.
        standing: Standing,
        /// How much was asked for, in units or in requests.
        asked: u64,
    },
    /// The token's app has no plan, and needs one: 403.
    #[error("the app has no plan")]
    NoPlan,
    /// More than [`crate::meter::MAX_UNITS_PER_TAKE`] at once: 413.
    #[error("more units at once than are counted")]
    TooManyUnits,
    /// The token's limits cannot be read: our fault, for its issuer has signed them. 500.
    #[error("the limits of the token cannot be read")]
    UnreadableLimits,
    /// The journal is full, as nothing could be reported for a long time. 503.
    #[error("the usage journal is full")]
    JournalFull,
    /// The journal cannot be written. 503.
    #[error("the usage journal cannot be written")]
    JournalFailed,
    /// More apps than are remembered have usage that is not reported yet. 503.
    #[error("too many apps have usage that is not reported yet")]
    TooManyApps,
}

impl MeterRefusal {
    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        match self {
            Self::QuotaExceeded { .. } => 429,
            Self::NoPlan => 403,
            Self::TooManyUnits => 413,
            Self::UnreadableLimits => 500,
            Self::JournalFull | Self::JournalFailed | Self::TooManyApps => 503,
        }
    }

    /// The value of `Retry-After`, where waiting helps: not if more is asked for than the limit is in all.
    pub const fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::QuotaExceeded { standing, asked } if *asked <= standing.limit => {
                Some(standing.resets_in_seconds())
            }
            Self::JournalFull | Self::JournalFailed | Self::TooManyApps => Some(10),
            Self::QuotaExceeded { .. } | Self::NoPlan | Self::TooManyUnits | Self::UnreadableLimits => None,
        }
    }

    /// Header fields for the response: `Retry-After`, and of a limit `RateLimit-Policy` and `RateLimit`.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = self.standing().map(headers_of).unwrap_or_default();
        headers.extend(self.retry_after_seconds().map(|seconds| ("Retry-After", seconds.to_string())));
        headers
    }

    /// The body of the response, `application/problem+json` (RFC 9457). The problem type of a limit is that of
    /// draft-ietf-httpapi-ratelimit-headers-10.
    pub fn problem(&self) -> String {
        let (title, status) = (self.to_string(), self.status());
        let problem = match self.standing() {
            Some(standing) => json!({
                "type": "https://iana.org/assignments/http-problem-types#quota-exceeded",
                "title": title,
                "status": status,
                "violated-policies": [standing.window.policy()],
            }),
            None => json!({"type": "about:blank", "title": title, "status": status}),
        };
        problem.to_string()
    }

    /// The limit in the way, if it is one.
    pub const fn standing(&self) -> Option<&Standing> {
        match self {
            Self::QuotaExceeded { standing, .. } => Some(standing),
            Self::NoPlan
            | Self::TooManyUnits
            | Self::UnreadableLimits
            | Self::JournalFull
            | Self::JournalFailed
            | Self::TooManyApps => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::Value;
    use turnkeep_domain::usage_window::UsageWindow;

    use super::super::standing::MeteredWindow;
    use super::*;

    fn exceeded(limit: u64, asked: u64) -> MeterRefusal {
        let standing = Standing {
            window: MeteredWindow::Units(UsageWindow::Day),
            limit,
            used: limit,
            length: Duration::from_hours(24),
            resets_in: Duration::from_secs(60),
        };
        MeterRefusal::QuotaExceeded { standing, asked }
    }

    #[test]
    fn statuses_and_waits() {
        for (refusal, status, retry_after) in [
            (exceeded(100, 5), 429, Some(60)),
            (exceeded(100, 100), 429, Some(60)),
            (exceeded(100, 101), 429, None),
            (exceeded(0, 1), 429, None),
            (MeterRefusal::NoPlan, 403, None),
            (MeterRefusal::TooManyUnits, 413, None),
            (MeterRefusal::UnreadableLimits, 500, None),
            (MeterRefusal::JournalFull, 503, Some(10)),
            (MeterRefusal::JournalFailed, 503, Some(10)),
            (MeterRefusal::TooManyApps, 503, Some(10)),
        ] {
            assert_eq!(
                (refusal.status(), refusal.retry_after_seconds()),
                (status, retry_after),
                "{refusal:?}"
            );
            let problem: Value = serde_json::from_str(&refusal.problem()).unwrap();
            assert_eq!(problem["status"], status, "{refusal:?}");
        }
    }

    #[test]
    fn a_limit_is_named() {
        let refusal = exceeded(100, 5);
        assert_eq!(
            refusal.headers(),
            [
                ("RateLimit-Policy", r#""units-day";q=100;w=86400;qu="document-units""#.to_owned()),
                ("RateLimit", r#""units-day";r=0;t=60"#.to_owned()),
                ("Retry-After", "60".to_owned()),
            ]
        );
        let problem: Value = serde_json::from_str(&refusal.problem()).unwrap();
        assert_eq!(problem["violated-policies"], json!(["units-day"]));
        assert_eq!(problem["title"], "the plan's limit units-day is reached");
    }
}

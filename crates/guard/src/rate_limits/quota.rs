//! So many requests in so much time.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

/// Why a quota is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be requests per seconds such as `600/60`: at least 1 request, 1 to 86400 seconds")]
pub struct RateQuotaError;

/// So many requests at once, given back evenly over a window (GCRA: a rate with a burst of the whole quota).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RateQuota {
    requests: NonZeroU32,
    window_seconds: NonZeroU32,
}

impl RateQuota {
    /// The longest window: a day.
    pub const MAX_WINDOW: Duration = Duration::from_secs(86_400);

    /// A quota of `requests` in `window`, which is of whole seconds, from one to [`Self::MAX_WINDOW`].
    pub fn new(requests: NonZeroU32, window: Duration) -> Result<Self, RateQuotaError> {
        let is_allowed = window.subsec_nanos() == 0 && window <= Self::MAX_WINDOW;
        let seconds = u32::try_from(window.as_secs()).ok().and_then(NonZeroU32::new);
        let window_seconds = seconds.filter(|_| is_allowed).ok_or(RateQuotaError)?;
        Ok(Self { requests, window_seconds })
    }

    /// A quota of so many requests in a minute.
    pub const fn per_minute(requests: NonZeroU32) -> Self {
        Self { requests, window_seconds: NonZeroU32::MIN.saturating_add(59) }
    }

    /// Parses `600/60`: requests, a slash, seconds.
    pub fn parse(text: &str) -> Result<Self, RateQuotaError> {
        let (requests, seconds) = text.split_once('/').ok_or(RateQuotaError)?;
        let requests = NonZeroU32::new(parse_digits(requests)?).ok_or(RateQuotaError)?;
        Self::new(requests, Duration::from_secs(parse_digits(seconds)?.into()))
    }

    /// How many requests may come at once, when none came for a while.
    pub const fn requests(self) -> NonZeroU32 {
        self.requests
    }

    /// How long it takes until all of them may come again; whole seconds.
    pub const fn window(self) -> Duration {
        Duration::from_secs(1).saturating_mul(self.window_seconds.get())
    }

    /// How long it takes until one more may come; at least a nanosecond.
    pub fn interval(self) -> Duration {
        (self.window() / self.requests.get()).max(Duration::from_nanos(1))
    }
}

impl fmt::Display for RateQuota {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.requests, self.window_seconds)
    }
}

fn parse_digits(text: &str) -> Result<u32, RateQuotaError> {
    // `u32::from_str` would also take a sign.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number).ok_or(RateQuotaError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_reads_as_it_is_written() {
        for text in ["1/1", "600/60", "4294967295/86400"] {
            assert_eq!(RateQuota::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(RateQuota::parse("600/60").unwrap(), RateQuota::per_minute(NonZeroU32::new(600).unwrap()));
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "600",
            "600/",
            "/60",
            "0/60",
            "600/0",
            "600/86401",
            "4294967296/60",
            "+600/60",
            "600/+60",
            "-1/60",
            "600 / 60",
            "600/60/1",
            "6e2/60",
            "600/1.5",
            "600/99999999999",
        ] {
            assert_eq!(RateQuota::parse(text), Err(RateQuotaError), "{text}");
        }
        for window in
            [Duration::ZERO, Duration::from_millis(1_500), Duration::from_secs(86_401), Duration::MAX]
        {
            assert_eq!(RateQuota::new(NonZeroU32::MIN, window), Err(RateQuotaError), "{window:?}");
        }
    }
}

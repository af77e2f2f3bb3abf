//! Times in documents: RFC 3339 in UTC, in the one spelling that we write.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use turnkeep_domain::time::Timestamp;
use turnkeep_protocol::rfc3339::{format_utc, parse_rfc3339};

/// A time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UtcTime(pub Timestamp);

impl UtcTime {
    /// Reads `2026-11-21T09:16:00Z`, also with a fraction of six digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let time = Self(parse_rfc3339(text).ok()?);
        // Writing it again refuses every other spelling.
        (time.to_string() == text).then_some(time)
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_utc(self.0))
    }
}

impl Serialize for UtcTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UtcTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a time in UTC"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_write_is_read() {
        for micros in
            [0, -1, 951_782_400_000_000, 1_709_164_800_000_001, 4_107_542_399_000_000, 1_763_716_560_000_000]
        {
            let time = UtcTime(Timestamp::from_micros(micros));
            assert_eq!(UtcTime::parse(&time.to_string()), Some(time));
        }
    }

    #[test]
    fn nothing_else_is_read() {
        for text in [
            "",
            "2026-11-21",
            "2026-11-21T09:16:00",
            "2026-11-21T09:16:00+00:00",
            "2026-11-21t09:16:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T23:59:60Z",
            "2026-11-21T09:16:00.5Z",
            "2026-11-21T09:16:00.000000Z",
            "999999-11-21T09:16:00Z",
            "2026-11-2éT09:16:00Z",
        ] {
            assert_eq!(UtcTime::parse(text), None, "{text}");
        }
    }
}

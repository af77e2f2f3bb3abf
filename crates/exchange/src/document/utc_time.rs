//! Times in documents: RFC 3339 in UTC, in the one spelling that we write.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use turnkeep_domain::time::Timestamp;
use turnkeep_protocol::rfc3339::format_utc;

/// A time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UtcTime(pub Timestamp);

impl UtcTime {
    /// Reads `2026-11-21T09:16:00Z`, also with a fraction of six digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (date_time, micros) = match text.strip_suffix('Z')?.split_once('.') {
            Some((date_time, fraction)) if fraction.len() == 6 => (date_time, digits(fraction)?),
            Some(_) => return None,
            None => (text.strip_suffix('Z')?, 0),
        };
        let (date, time) = date_time.split_once('T')?;
        let [year, month, day] = numbers(date, '-')?;
        let [hour, minute, second] = numbers(time, ':')?;
        let secs = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
        let time = Self(Timestamp::from_micros(secs.checked_mul(1_000_000)?.checked_add(micros)?));
        // Writing it again refuses February 30, 25 o'clock and every other spelling.
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

fn digits(text: &str) -> Option<i64> {
    (text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator).map(digits);
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, the year being taken to begin in March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    year.div_euclid(400) * 146_097 + day_of_era - 719_468
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

//! Times on the wire: RFC 3339 in UTC with microseconds where there are any.

use turnkeep_domain::calendar::{civil_from_days, days_from_civil};
use turnkeep_domain::time::Timestamp;

const SECONDS_PER_DAY: i64 = 86_400;

/// `2026-11-21T09:16:00Z`, or with a fraction of six digits unless it is zero. Years outside of 0000 to 9999,
/// which RFC 3339 cannot say, become the nearest time that it can.
pub fn format_utc(time: Timestamp) -> String {
    // 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
    let seconds = time.as_secs().clamp(-62_167_219_200, 253_402_300_799);
    let micros = time.as_micros().rem_euclid(1_000_000);
    let (year, month, day) = civil_from_days(seconds.div_euclid(SECONDS_PER_DAY));
    let second_of_day = seconds.rem_euclid(SECONDS_PER_DAY);
    let (hour, minute, second) = (second_of_day / 3_600, second_of_day / 60 % 60, second_of_day % 60);
    let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// The text is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a time such as `2026-11-21T09:16:00Z`")]
pub struct TimeTextError;

/// Reads a time with any offset; what is finer than a microsecond is cut off (RFC 3339 §5.6).
pub fn parse_rfc3339(text: &str) -> Result<Timestamp, TimeTextError> {
    parse(text).ok_or(TimeTextError)
}

fn parse(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let (time, rest) = rest.strip_prefix(['T', 't'])?.split_at_checked(8)?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let (micros, offset) = match rest.strip_prefix('.') {
        None => (0, rest),
        Some(rest) => {
            let (digits, offset) = rest.split_at_checked(rest.find(|c: char| !c.is_ascii_digit())?)?;
            (fraction(digits)?, offset)
        }
    };
    let days = days_from_civil(year, month, day);
    // A second may be 60 where a leap second was.
    if civil_from_days(days) != (year, month, day) || 23 < hour || 59 < minute || 60 < second {
        return None;
    }
    let seconds = days * SECONDS_PER_DAY + hour * 3_600 + minute * 60 + second - offset_seconds(offset)?;
    Some(Timestamp::from_micros(seconds * 1_000_000 + micros))
}

fn numbers<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(between);
    let mut read = [0; N];
    for (number, digits) in read.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits)?;
        *number = part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(read)
}

fn fraction(digits: &str) -> Option<i64> {
    let places = if digits.is_empty() { None } else { Some(digits.bytes().chain(std::iter::repeat(b'0'))) };
    Some(places?.take(6).fold(0, |micros, digit| micros * 10 + i64::from(digit - b'0')))
}

fn offset_seconds(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        (None, None) => return None,
    };
    let [hours, minutes] = numbers(rest, ':', [2, 2])?;
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        for micros in [0, -1, 951_782_400_000_000, 1_709_164_800_000_001, 4_107_542_400_000_000] {
            let time = Timestamp::from_micros(micros);
            assert_eq!(parse_rfc3339(&format_utc(time)), Ok(time));
        }
    }

    #[test]
    fn offsets_fractions_and_leap_seconds_are_read() {
        for (text, micros) in [
            ("1970-01-01T01:00:00+01:00", 0),
            ("1969-12-31t19:30:00-04:30", 0),
            ("1970-01-01T00:00:00.5z", 500_000),
            ("1970-01-01T00:00:00.1234567Z", 123_456),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ] {
            assert_eq!(parse_rfc3339(text), Ok(Timestamp::from_micros(micros)), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_times() {
        for text in [
            "",
            "2026-11-21",
            "2026-11-21T09:16:00",
            "2026-11-21 09:16:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-11-00T00:00:00Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T09:60:00Z",
            "2026-11-21T09:16:61Z",
            "2026-11-21T09:16:00.Z",
            "2026-11-21T09:16:00.5",
            "2026-11-21T09:16:00+1:00",
            "2026-11-21T09:16:00+24:00",
            "2026-11-21T09:16:00ZZ",
            "+026-11-21T09:16:00Z",
            "2026-11-2éT09:16:00Z",
        ] {
            assert_eq!(parse_rfc3339(text), Err(TimeTextError), "{text}");
        }
    }

    #[test]
    fn known_times_have_their_known_texts() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00Z"),
            (1_709_164_800_000_001, "2024-02-29T00:00:00.000001Z"),
            (1_763_716_560_000_000, "2025-11-21T09:16:00Z"),
            (4_107_542_399_000_000, "2100-02-28T23:59:59Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(format_utc(Timestamp::from_micros(micros)), text);
        }
    }

    #[test]
    fn times_beyond_the_calendar_stay_well_formed() {
        for micros in [i64::MIN, i64::MAX] {
            let text = format_utc(Timestamp::from_micros(micros));
            assert_eq!(text.find('T'), Some(10), "{text}");
        }
    }
}

//! Times for people: RFC 3339 in UTC, with microseconds where there are any. The same form as in the management
//! API.

use turnkeep_domain::calendar::civil_from_days;
use turnkeep_domain::time::Timestamp;

const DAY_SECONDS: i64 = 86_400;

/// Years outside of 0000 to 9999, which RFC 3339 cannot say, become the nearest second that it can.
pub fn utc_text(time: Timestamp) -> String {
    // 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
    let seconds = time.as_secs().clamp(-62_167_219_200, 253_402_300_799);
    let (year, month, day) = civil_from_days(seconds.div_euclid(DAY_SECONDS));
    let of_day = seconds.rem_euclid(DAY_SECONDS);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    let fraction = match time.as_micros().rem_euclid(1_000_000) {
        0 => String::new(),
        micros => format!(".{micros:06}"),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times_have_their_known_texts() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00Z"),
            (1_709_164_800_000_001, "2024-02-29T00:00:00.000001Z"),
            (1_704_067_199_000_000, "2023-12-31T23:59:59Z"),
            (1_704_067_200_000_000, "2024-01-01T00:00:00Z"),
            (1_735_689_599_000_000, "2024-12-31T23:59:59Z"),
            (4_107_542_399_000_000, "2100-02-28T23:59:59Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00Z"),
            (-62_167_219_200_000_000, "0000-01-01T00:00:00Z"),
            (253_402_300_799_000_000, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(utc_text(Timestamp::from_micros(micros)), text);
        }
    }
}

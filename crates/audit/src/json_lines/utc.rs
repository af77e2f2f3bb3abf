//! Times for people: RFC 3339 in UTC, with microseconds where there are any. The same form as in the management
//! API.

use turnkeep_domain::time::Timestamp;

const DAY_SECONDS: i64 = 86_400;
const DAYS_OF_400_YEARS: i64 = 146_097;
const DAYS_FROM_YEAR_0_TO_1970: i64 = 719_528;

/// Years outside of 0000 to 9999, which RFC 3339 cannot say, become the nearest second that it can.
pub fn utc_text(time: Timestamp) -> String {
    // 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
    let seconds = time.as_secs().clamp(-62_167_219_200, 253_402_300_799);
    let (year, month, day) = date(seconds.div_euclid(DAY_SECONDS) + DAYS_FROM_YEAR_0_TO_1970);
    let of_day = seconds.rem_euclid(DAY_SECONDS);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    let fraction = match time.as_micros().rem_euclid(1_000_000) {
        0 => String::new(),
        micros => format!(".{micros:06}"),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// Year, month and day of a day counted from 0000-01-01, in the Gregorian calendar.
fn date(day: i64) -> (i64, i64, i64) {
    // The average length of a year puts the guess into the right year or one beside it.
    let mut year = day * 400 / DAYS_OF_400_YEARS;
    while day < first_day(year) {
        year -= 1;
    }
    while first_day(year + 1) <= day {
        year += 1;
    }
    let mut rest = day - first_day(year);
    let february = 28 + i64::from(first_day(year + 1) - first_day(year) == 366);
    for (month, length) in (1..).zip([31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30]) {
        if rest < length {
            return (year, month, rest + 1);
        }
        rest -= length;
    }
    (year, 12, rest + 1)
}

/// The day number of the first of January: year 0 is a leap year, and so on.
fn first_day(year: i64) -> i64 {
    let before = year - 1;
    year * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) + 1
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

    #[test]
    fn the_days_of_four_hundred_years_follow_each_other() {
        let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for number in 0..DAYS_OF_400_YEARS {
            assert_eq!(date(number + DAYS_FROM_YEAR_0_TO_1970), (year, month, day));
            let length = match month {
                2 => 28 + i64::from(leap(year)),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            day += 1;
            if length < day {
                (day, month) = (1, month + 1);
            }
            if 12 < month {
                (month, year) = (1, year + 1);
            }
        }
    }
}

//! How old something is, as people say it.

use turnkeep_domain::time::Timestamp;

/// In the largest unit of which it is at least two, in whole ones.
pub(super) fn age(made: Timestamp, now: Timestamp) -> String {
    let secs = now.since(made).as_secs();
    let (count, unit) = match secs {
        0..120 => return "a moment".to_owned(),
        120..7_200 => (secs / 60, "minutes"),
        7_200..172_800 => (secs / 3_600, "hours"),
        _ => (secs / 86_400, "days"),
    };
    format!("{count} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_said_in_whole_units() {
        for (secs, expected) in [
            (0, "a moment"),
            (119, "a moment"),
            (120, "2 minutes"),
            (7_199, "119 minutes"),
            (7_200, "2 hours"),
            (172_800, "2 days"),
            (86_400 * 400, "400 days"),
        ] {
            assert_eq!(age(Timestamp::from_secs(1_000), Timestamp::from_secs(1_000 + secs)), expected);
        }
        assert_eq!(age(Timestamp::from_secs(10), Timestamp::from_secs(5)), "a moment");
    }
}

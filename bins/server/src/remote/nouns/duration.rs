//! Durations as people write them: `90`, `90s`, `15m`, `12h`, `30d`.

/// Seconds of a duration, at least one.
pub(super) fn parse_seconds(text: &str) -> Result<u64, &'static str> {
    const EXPECTED: &str = "must be a number with s, m, h or d, such as 30m";
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let factor = match text.strip_prefix(digits) {
        Some("" | "s") => 1,
        Some("m") => 60,
        Some("h") => 3600,
        Some("d") => 86_400,
        Some(_) | None => return Err(EXPECTED),
    };
    let number: u64 = digits.parse().map_err(|_| EXPECTED)?;
    number.checked_mul(factor).filter(|seconds| 0 < *seconds).ok_or(EXPECTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let good = [("90", 90), ("90s", 90), ("15m", 900), ("12h", 43_200), ("30d", 2_592_000)];
        for (text, seconds) in good {
            assert_eq!(parse_seconds(text), Ok(seconds), "{text}");
        }
        for bad in
            ["", "0", "m", "-5m", "1.5h", "5 m", "5w", "5mm", "99999999999999999999", "9999999999999999999d"]
        {
            assert!(parse_seconds(bad).is_err(), "{bad}");
        }
    }
}

//! Preferences of a client (RFC 7240): of those, only how long it would wait.

use std::time::Duration;

/// How long a client would wait for an answer (RFC 7240 §4.3), from its `Prefer` headers. The first mention counts
/// (§2); one that is no number of seconds is as good as none.
pub fn preferred_wait<'a>(values: impl Iterator<Item = &'a str>) -> Option<Duration> {
    let mut preferences = values.flat_map(|value| value.split(','));
    let wait = preferences.find_map(|preference| {
        // Parameters of a preference follow it.
        let preference = preference.split(';').next()?;
        let (name, value) = preference.split_once('=')?;
        name.trim().eq_ignore_ascii_case("wait").then(|| value.trim())
    })?;
    let is_quoted = |text: &&str| 2 <= text.len() && text.starts_with('"') && text.ends_with('"');
    let digits = Some(wait).filter(is_quoted).map_or(wait, |quoted| quoted.trim_matches('"'));
    // Longer than anybody waits, whatever its digits say.
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| Duration::from_secs(digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_wait_counts_and_only_as_a_number() {
        for (values, expected) in [
            (&["wait=10"][..], Some(10)),
            (&["respond-async, wait=10"], Some(10)),
            (&["respond-async", "wait=10"], Some(10)),
            (&["Wait = \"10\" ; foo=\"bar\""], Some(10)),
            (&["wait=10, wait=20"], Some(10)),
            (&["wait=0"], Some(0)),
            (&["wait=99999999999999999999"], Some(u64::MAX)),
            (&["wait=-1"], None),
            (&["wait=+1"], None),
            (&["wait=1.5"], None),
            (&["wait=\"\""], None),
            (&["wait=\""], None),
            (&["wait="], None),
            (&["wait"], None),
            (&["wait=x, wait=20"], None),
            (&["waiting=10"], None),
            (&[""], None),
            (&[], None),
        ] {
            let wait = preferred_wait(values.iter().copied());
            assert_eq!(wait, expected.map(Duration::from_secs), "{values:?}");
        }
    }
}

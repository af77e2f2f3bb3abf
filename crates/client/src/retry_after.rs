//! When a server wants to be asked again (RFC 9110 §10.2.3).

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// The wait that an answer asks for. A time of day counts from the answer's own `Date`, so that neither side's
/// clock has to be right; without one it says nothing.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER)?;
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than fits is as good as forever; the caller has an upper bound.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let from = httpdate::parse_http_date(text(headers, DATE)?).ok()?;
    Some(until.duration_since(from).unwrap_or(Duration::ZERO))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "Sat, 21 Nov 2026 12:00:00 GMT";

    #[test]
    fn both_forms_are_understood() {
        for (value, date, seconds) in [
            ("0", None, Some(0)),
            ("120", None, Some(120)),
            (" 7 ", Some(NOON), Some(7)),
            ("99999999999999999999999", None, Some(u64::MAX)),
            ("Sat, 21 Nov 2026 12:00:30 GMT", Some(NOON), Some(30)),
            ("Saturday, 21-Nov-26 12:01:00 GMT", Some(NOON), Some(60)),
            ("Sat Nov 21 12:00:05 2026", Some(NOON), Some(5)),
            ("Sat, 21 Nov 2026 11:59:59 GMT", Some(NOON), Some(0)),
            ("Sat, 21 Nov 2026 12:00:30 GMT", None, None),
            ("Sat, 21 Nov 2026 12:00:30 GMT", Some("noon"), None),
            ("", Some(NOON), None),
            ("-1", Some(NOON), None),
            ("1.5", Some(NOON), None),
            ("soon", Some(NOON), None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().unwrap());
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            assert_eq!(retry_after(&headers), seconds.map(Duration::from_secs), "{value} {date:?}");
        }
    }

    #[test]
    fn without_the_header_nothing_is_asked_for() {
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}

//! Text that must not be seen: never printed, wiped when dropped.
//!
//! What an HTTP library copies into its buffers on the way to the network is out of reach.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use serde::Deserialize;
use zeroize::Zeroizing;

/// A secret, or a token.
#[derive(Deserialize)]
#[serde(from = "String")]
pub(crate) struct Sensitive(Zeroizing<String>);

impl Sensitive {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Bytes that share one copy, wiped with the last of them.
    pub(crate) fn into_bytes(self) -> Bytes {
        Bytes::from_owner(self.0)
    }

    /// A header that prints as `Sensitive`. `None` if the text does not fit into a header.
    pub(crate) fn into_header(self) -> Option<HeaderValue> {
        let mut header = HeaderValue::from_maybe_shared(self.into_bytes()).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

impl From<String> for Sensitive {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sensitive(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_but_not_printed() {
        let text: Sensitive = serde_json::from_str(r#""hunter2""#).unwrap();
        assert_eq!(text.expose(), "hunter2");
        assert_eq!(format!("{text:?}"), "Sensitive(…)");
        assert_eq!(format!("{:?}", text.into_header().unwrap()), "Sensitive");
    }

    #[test]
    fn what_would_break_out_of_a_header_is_no_header() {
        assert!(Sensitive::from("a\r\nb".to_owned()).into_header().is_none());
    }
}

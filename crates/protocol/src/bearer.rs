//! Access tokens in an `Authorization: Bearer` header (RFC 6750 §2.1), the only way they are accepted.

use std::fmt;

/// Why a header carries no bearer token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BearerError {
    /// Another scheme, or none.
    #[error("the authorization scheme is not Bearer")]
    Scheme,
    /// The token is empty or has characters outside of `b64token` (RFC 6750 §2.1).
    #[error("the bearer token is malformed")]
    Malformed,
}

/// A token as somebody presented it. Cannot be printed.
#[derive(PartialEq, Eq)]
pub struct BearerToken(String);

impl BearerToken {
    /// Takes the token out of the header's value; the scheme is compared without regard to case (RFC 9110 §11.1).
    pub fn parse(header_value: &str) -> Result<Self, BearerError> {
        let (scheme, token) = header_value.split_once(' ').ok_or(BearerError::Scheme)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(BearerError::Scheme);
        }
        let token = token.trim_matches(' ');
        let body = token.trim_end_matches('=');
        let allowed =
            |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
        if body.is_empty() || !body.bytes().all(allowed) {
            return Err(BearerError::Malformed);
        }
        Ok(Self(token.to_owned()))
    }

    /// The token. Whoever calls this answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_taken_out_of_the_header() {
        for value in ["Bearer a.b-c_d~e+f/g==", "bearer a.b-c_d~e+f/g==", "BEARER  a.b-c_d~e+f/g== "] {
            assert_eq!(BearerToken::parse(value).unwrap().expose(), "a.b-c_d~e+f/g==", "{value}");
        }
    }

    #[test]
    fn other_headers_are_refused() {
        for (value, error) in [
            ("Basic aTpz", BearerError::Scheme),
            ("Bearer", BearerError::Scheme),
            ("Bearer ", BearerError::Malformed),
            ("Bearer ==", BearerError::Malformed),
            ("Bearer a b", BearerError::Malformed),
            ("Bearer a,b", BearerError::Malformed),
            ("Bearer é", BearerError::Malformed),
        ] {
            assert_eq!(BearerToken::parse(value), Err(error), "{value}");
        }
    }

    #[test]
    fn debug_output_shows_no_token() {
        assert_eq!(format!("{:?}", BearerToken::parse("Bearer abc").unwrap()), "BearerToken(…)");
    }
}

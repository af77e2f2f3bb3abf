//! Client credentials in an `Authorization: Basic` header (RFC 6749 §2.3.1, RFC 7617).

use std::fmt;

use data_encoding::BASE64;
use zeroize::{Zeroize, Zeroizing};

use crate::form::decode_component;

/// Why a header carries no client credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BasicCredentialsError {
    /// Another scheme, or none.
    #[error("the authorization scheme is not Basic")]
    Scheme,
    /// The token is not the padded base64 of RFC 4648 §4.
    #[error("the Basic credentials are not base64")]
    Base64,
    /// No colon separates a client id from a secret.
    #[error("the Basic credentials have no colon")]
    NoColon,
    /// The id or the secret is not form-encoded UTF-8 (RFC 6749 §2.3.1).
    #[error("the Basic credentials are not form-encoded")]
    Encoding,
}

/// A client id and a secret as a client presented them. Cannot be printed; wiped when dropped.
pub struct BasicCredentials {
    client_id: String,
    secret: String,
}

impl BasicCredentials {
    /// Base64, then split at the first colon, then form-decode both halves (RFC 6749 §2.3.1).
    pub fn parse(header_value: &str) -> Result<Self, BasicCredentialsError> {
        let (scheme, token) = header_value.split_once(' ').ok_or(BasicCredentialsError::Scheme)?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return Err(BasicCredentialsError::Scheme);
        }
        let decoded = BASE64.decode(token.trim_matches(' ').as_bytes());
        let decoded = Zeroizing::new(decoded.map_err(|_| BasicCredentialsError::Base64)?);
        let mut halves = decoded.splitn(2, |byte| *byte == b':');
        let (Some(client_id), Some(secret)) = (halves.next(), halves.next()) else {
            return Err(BasicCredentialsError::NoColon);
        };
        Ok(Self {
            client_id: decode_component(client_id).map_err(|_| BasicCredentialsError::Encoding)?,
            secret: decode_component(secret).map_err(|_| BasicCredentialsError::Encoding)?,
        })
    }

    /// The client id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The client id and the secret.
    pub fn into_parts(mut self) -> (String, String) {
        (std::mem::take(&mut self.client_id), std::mem::take(&mut self.secret))
    }
}

impl Drop for BasicCredentials {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl fmt::Debug for BasicCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BasicCredentials(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(inner: &[u8]) -> String {
        format!("Basic {}", BASE64.encode(inner))
    }

    #[test]
    fn ids_and_secrets_with_any_character_arrive() {
        for (encoded, client_id, secret) in [
            ("plain:secret", "plain", "secret"),
            ("com.vendor/app:s", "com.vendor/app", "s"),
            ("com.vendor%2Fapp:s", "com.vendor/app", "s"),
            ("https%3A%2F%2Fvendor.example%2Fapp:s", "https://vendor.example/app", "s"),
            ("id:a:b:c", "id", "a:b:c"),
            ("id:%3A%2B%25%26%3D%C3%A9+x", "id", ":+%&=é x"),
            ("id:é", "id", "é"),
            ("id:a%00b", "id", "a\0b"),
            (":", "", ""),
        ] {
            let credentials = BasicCredentials::parse(&header(encoded.as_bytes())).unwrap();
            assert_eq!(credentials.client_id(), client_id, "{encoded}");
            assert_eq!(credentials.into_parts(), (client_id.to_owned(), secret.to_owned()), "{encoded}");
        }
    }

    #[test]
    fn the_scheme_is_compared_without_regard_to_case() {
        for scheme in ["basic", "BASIC", "bAsIc"] {
            assert!(BasicCredentials::parse(&format!("{scheme} aTpz")).is_ok(), "{scheme}");
        }
    }

    #[test]
    fn malformed_headers_are_refused() {
        for (value, error) in [
            ("Bearer abc".to_owned(), BasicCredentialsError::Scheme),
            ("Basic".to_owned(), BasicCredentialsError::Scheme),
            ("Basic aTpz!".to_owned(), BasicCredentialsError::Base64),
            ("Basic aTpzcw".to_owned(), BasicCredentialsError::Base64),
            ("Basic aTpz aTpz".to_owned(), BasicCredentialsError::Base64),
            ("Basic ".to_owned(), BasicCredentialsError::NoColon),
            (header(b"no colon"), BasicCredentialsError::NoColon),
            (header(b"id:100%"), BasicCredentialsError::Encoding),
            (header(b"id:%C3"), BasicCredentialsError::Encoding),
            (header(b"\xff:s"), BasicCredentialsError::Encoding),
        ] {
            assert_eq!(BasicCredentials::parse(&value).unwrap_err(), error, "{value}");
        }
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let credentials = BasicCredentials::parse(&header(b"id:hunter2")).unwrap();
        assert_eq!(format!("{credentials:?}"), "BasicCredentials(…)");
    }
}

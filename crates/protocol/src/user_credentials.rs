//! A user name and a password in an `Authorization: Basic` header (RFC 7617): as they are, without the form encoding
//! that client credentials have.

use std::fmt;

use data_encoding::BASE64;
use zeroize::{Zeroize, Zeroizing};

/// The header carries no user name and password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the authorization header has no user name and password")]
pub struct UserCredentialsError;

/// What somebody presented. Cannot be printed; wiped when dropped.
pub struct UserCredentials {
    user_name: String,
    password: String,
}

impl UserCredentials {
    /// Base64 of UTF-8 (RFC 7617 §2.1), split at the first colon.
    pub fn parse(header_value: &str) -> Result<Self, UserCredentialsError> {
        let (scheme, token) = header_value.split_once(' ').ok_or(UserCredentialsError)?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return Err(UserCredentialsError);
        }
        let decoded = BASE64.decode(token.trim_matches(' ').as_bytes()).map_err(|_| UserCredentialsError)?;
        let decoded = Zeroizing::new(decoded);
        let text = std::str::from_utf8(&decoded).map_err(|_| UserCredentialsError)?;
        let (user_name, password) = text.split_once(':').ok_or(UserCredentialsError)?;
        Ok(Self { user_name: user_name.to_owned(), password: password.to_owned() })
    }

    /// The user name and the password. Whoever calls this answers for where they go.
    pub fn into_parts(mut self) -> (String, String) {
        (std::mem::take(&mut self.user_name), std::mem::take(&mut self.password))
    }
}

impl Drop for UserCredentials {
    fn drop(&mut self) {
        self.password.zeroize();
    }
}

impl fmt::Debug for UserCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserCredentials(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(inner: &[u8]) -> String {
        format!("Basic {}", BASE64.encode(inner))
    }

    #[test]
    fn names_and_passwords_arrive_as_they_are() {
        for (sent, name, password) in [
            ("ann:secret", "ann", "secret"),
            ("ann@example.com:a:b", "ann@example.com", "a:b"),
            ("ann:100%+&é", "ann", "100%+&é"),
            (":", "", ""),
        ] {
            let credentials = UserCredentials::parse(&header(sent.as_bytes())).unwrap();
            assert_eq!(format!("{credentials:?}"), "UserCredentials(…)");
            assert_eq!(credentials.into_parts(), (name.to_owned(), password.to_owned()), "{sent}");
        }
    }

    #[test]
    fn other_headers_are_refused() {
        let (no_colon, not_text) = (header(b"ann"), header(b"\xff:a"));
        for value in ["Bearer abc", "Basic", "Basic !", "Basic aTpzcw", &no_colon, &not_text] {
            assert!(UserCredentials::parse(value).is_err(), "{value}");
        }
    }
}

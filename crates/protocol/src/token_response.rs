//! The successful answer of the token endpoint (RFC 6749 §5.1).

use std::fmt;

use serde::{Serialize, Serializer};

/// How the token is to be presented (RFC 6749 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum TokenType {
    /// RFC 6750.
    Bearer,
}

/// An access token on its way out: serialised, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedToken(String);

impl IssuedToken {
    /// Takes over a token that was just made.
    pub fn new(token: String) -> Self {
        Self(token)
    }
}

impl Serialize for IssuedToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IssuedToken(…)")
    }
}

/// The body of a successful answer. There is never a refresh token for `client_credentials` (RFC 6749 §4.4.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenResponse {
    /// The token.
    pub access_token: IssuedToken,
    /// Always `Bearer`.
    pub token_type: TokenType,
    /// Lifetime in seconds.
    pub expires_in: u64,
    /// What was granted, space-delimited; always told, whether or not it is what was asked for.
    pub scope: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_that_of_the_rfc() {
        let response = TokenResponse {
            access_token: IssuedToken::new("a.b.c".to_owned()),
            token_type: TokenType::Bearer,
            expires_in: 900,
            scope: "read write".to_owned(),
        };
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            r#"{"access_token":"a.b.c","token_type":"Bearer","expires_in":900,"scope":"read write"}"#
        );
        assert!(!format!("{response:?}").contains("a.b.c"));
    }
}

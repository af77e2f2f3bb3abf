//! The successful answer of the token endpoint (RFC 6749 §5.1).

use std::fmt;

use serde::{Serialize, Serializer};

/// How the token is to be presented (RFC 6749 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum TokenType {
    /// RFC 6750.
    Bearer,
}

/// A token on its way out: serialised, never printed.
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

/// The body of a successful answer (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).
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
    /// By which the client goes on; never for `client_credentials` (RFC 6749 §4.4.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<IssuedToken>,
    /// Who signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<IssuedToken>,
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
            refresh_token: None,
            id_token: None,
        };
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            r#"{"access_token":"a.b.c","token_type":"Bearer","expires_in":900,"scope":"read write"}"#
        );
        let token = |text: &str| Some(IssuedToken::new(text.to_owned()));
        let of_person =
            TokenResponse { refresh_token: token("tkrt_1"), id_token: token("d.e.f"), ..response.clone() };
        let body = serde_json::to_value(&of_person).unwrap();
        assert_eq!((&body["refresh_token"], &body["id_token"]), (&"tkrt_1".into(), &"d.e.f".into()));
        assert!(!format!("{of_person:?}").contains("tkrt_1"));
        assert!(!format!("{response:?}").contains("a.b.c"));
    }
}

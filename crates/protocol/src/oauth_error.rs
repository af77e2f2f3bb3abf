//! Error answers of the OAuth endpoints (RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 8707 §2).

use serde::Serialize;

/// The `error` codes that this server sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OAuthErrorCode {
    /// The request is malformed (RFC 6749 §5.2).
    InvalidRequest,
    /// The client did not authenticate (RFC 6749 §5.2).
    InvalidClient,
    /// The grant, or the token to revoke, is not the client's (RFC 6749 §5.2).
    InvalidGrant,
    /// The client may not use this grant (RFC 6749 §5.2).
    UnauthorizedClient,
    /// The server does not know the grant (RFC 6749 §5.2).
    UnsupportedGrantType,
    /// A scope is unknown, malformed or more than the client may have (RFC 6749 §5.2).
    InvalidScope,
    /// The resource is unknown or not for this client (RFC 8707 §2).
    InvalidTarget,
    /// Tokens of this kind cannot be revoked (RFC 7009 §2.2.1).
    UnsupportedTokenType,
    /// The bearer token of the request is not valid (RFC 6750 §3.1).
    InvalidToken,
    /// The bearer token of the request does not reach so far (RFC 6750 §3.1).
    InsufficientScope,
    /// Our fault (RFC 6749 §4.1.2.1).
    ServerError,
    /// Our fault, or too much at once; worth another try (RFC 6749 §4.1.2.1).
    TemporarilyUnavailable,
}

impl OAuthErrorCode {
    /// The code on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
        }
    }
}

/// An `error_description`: constant, so that nothing from a request or a record can get into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ErrorDescription(&'static str);

impl ErrorDescription {
    /// For constants: a character that RFC 6749 §5.2 does not allow stops the build.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        assert!(is_allowed(text.as_bytes()), "only %x20-21 / %x23-5B / %x5D-7E are allowed (RFC 6749 §5.2)");
        Self(text)
    }

    /// The text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

const fn is_allowed(text: &[u8]) -> bool {
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        if !matches!(*byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e) {
            return false;
        }
        rest = after;
    }
    true
}

/// The body of an error answer (RFC 6749 §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OAuthErrorBody {
    /// What kind of error.
    pub error: OAuthErrorCode,
    /// The cause, for the developer of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_description: Option<ErrorDescription>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_have_only_the_characters_of_the_rfc() {
        for (text, allowed) in [
            ("the app's plan is retired!", true),
            ("", true),
            ("~[]^", true),
            ("a \"quote\"", false),
            ("back\\slash", false),
            ("é", false),
            ("two\nlines", false),
            ("\u{7f}", false),
        ] {
            assert_eq!(is_allowed(text.as_bytes()), allowed, "{text}");
        }
    }

    #[test]
    fn bodies_have_a_description_only_if_there_is_one() {
        let mut body = OAuthErrorBody { error: OAuthErrorCode::InvalidClient, error_description: None };
        assert_eq!(serde_json::to_string(&body).unwrap(), r#"{"error":"invalid_client"}"#);
        body.error_description = Some(ErrorDescription::new("no"));
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"error":"invalid_client","error_description":"no"}"#
        );
    }

    #[test]
    fn both_forms_of_a_code_agree() {
        for code in [
            OAuthErrorCode::InvalidRequest,
            OAuthErrorCode::InvalidClient,
            OAuthErrorCode::InvalidGrant,
            OAuthErrorCode::UnauthorizedClient,
            OAuthErrorCode::UnsupportedGrantType,
            OAuthErrorCode::InvalidScope,
            OAuthErrorCode::InvalidTarget,
            OAuthErrorCode::UnsupportedTokenType,
            OAuthErrorCode::InvalidToken,
            OAuthErrorCode::InsufficientScope,
            OAuthErrorCode::ServerError,
            OAuthErrorCode::TemporarilyUnavailable,
        ] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}

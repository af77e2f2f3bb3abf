//! Why a request is not let in, and how a resource server says so (RFC 6750 §3).

use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;

use crate::credentials::CredentialsError;
use crate::rejection::TokenRejection;

/// The first check that a request failed. Nothing of the token is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessRefusal {
    /// No bearer token: 401 without an error code (RFC 6750 §3.1).
    #[error("a bearer token is needed")]
    NoCredentials,
    /// Credentials in a form that cannot be accepted: 400 `invalid_request`.
    #[error(transparent)]
    BadCredentials(#[from] CredentialsError),
    /// Not a token that counts here: 401 `invalid_token`.
    #[error(transparent)]
    InvalidToken(#[from] TokenRejection),
    /// Killed by its issuer before its time: 401 `invalid_token`.
    #[error("the token was revoked")]
    Killed,
    /// It lacks one of these scopes: 403 `insufficient_scope`.
    #[error("the token lacks a scope that is needed")]
    InsufficientScope(ScopeSet),
    /// Of a tenant that is not served here: 403.
    #[error("the token's tenant is not served here")]
    WrongTenant,
    /// Of a region that is not served here: 403.
    #[error("the token's region is not served here")]
    WrongRegion,
    /// From a web page that is none of the app's allowed domains: 403.
    #[error("the request's origin is not an allowed domain of the app")]
    OriginNotAllowed,
    /// Our fault: there are no keys, or none that are fresh enough. 503.
    #[error("the keys of the issuer are not available")]
    KeysUnavailable,
    /// Our fault: the kill marks are older than the configuration puts up with. 503.
    #[error("the kill marks of the issuer are not available")]
    KillMarksUnavailable,
    /// Our fault: the issuer could not be asked about a reference token. 503.
    #[error("the issuer cannot be asked about the token")]
    IntrospectionUnavailable {
        /// When it may be asked again.
        retry_after_seconds: u32,
    },
}

impl AccessRefusal {
    /// The HTTP status (RFC 6750 §3.1).
    pub const fn status(&self) -> u16 {
        match self {
            Self::BadCredentials(_) => 400,
            Self::NoCredentials | Self::InvalidToken(_) | Self::Killed => 401,
            Self::InsufficientScope(_) | Self::WrongTenant | Self::WrongRegion | Self::OriginNotAllowed => {
                403
            }
            Self::KeysUnavailable | Self::KillMarksUnavailable | Self::IntrospectionUnavailable { .. } => 503,
        }
    }

    /// The error code of RFC 6750 §3.1, where it has one.
    pub const fn error_code(&self) -> Option<&'static str> {
        match self {
            Self::BadCredentials(_) => Some("invalid_request"),
            Self::InvalidToken(_) | Self::Killed => Some("invalid_token"),
            Self::InsufficientScope(_) => Some("insufficient_scope"),
            Self::NoCredentials
            | Self::WrongTenant
            | Self::WrongRegion
            | Self::OriginNotAllowed
            | Self::KeysUnavailable
            | Self::KillMarksUnavailable
            | Self::IntrospectionUnavailable { .. } => None,
        }
    }

    /// The value of `Retry-After`, where the fault is ours and may pass.
    pub const fn retry_after_seconds(&self) -> Option<u32> {
        match self {
            Self::KeysUnavailable | Self::KillMarksUnavailable => Some(2),
            Self::IntrospectionUnavailable { retry_after_seconds } => Some(*retry_after_seconds),
            Self::NoCredentials
            | Self::BadCredentials(_)
            | Self::InvalidToken(_)
            | Self::Killed
            | Self::InsufficientScope(_)
            | Self::WrongTenant
            | Self::WrongRegion
            | Self::OriginNotAllowed => None,
        }
    }

    /// The value of `WWW-Authenticate`; none where another token would not help.
    pub fn challenge(&self, realm: &Audience) -> Option<String> {
        // An audience has no character that a quoted string escapes, nor has any scope or message of ours.
        let bearer = format!(r#"Bearer realm="{realm}""#);
        match (self, self.error_code()) {
            (Self::NoCredentials, _) => Some(bearer),
            (Self::InsufficientScope(scopes), Some(code)) => {
                Some(format!(r#"{bearer}, error="{code}", error_description="{self}", scope="{scopes}""#))
            }
            (_, Some(code)) => Some(format!(r#"{bearer}, error="{code}", error_description="{self}""#)),
            (_, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6750_section_3() {
        let scopes = ScopeSet::parse("read update").unwrap();
        for (refusal, status, challenge) in [
            (AccessRefusal::NoCredentials, 401, Some("")),
            (
                CredentialsError::TokenInQuery.into(),
                400,
                Some(r#", error="invalid_request", error_description="a token must not be in the query""#),
            ),
            (
                TokenRejection::Expired.into(),
                401,
                Some(r#", error="invalid_token", error_description="the token has expired""#),
            ),
            (
                AccessRefusal::Killed,
                401,
                Some(r#", error="invalid_token", error_description="the token was revoked""#),
            ),
            (
                AccessRefusal::InsufficientScope(scopes),
                403,
                Some(
                    ", error=\"insufficient_scope\", error_description=\"the token lacks a scope that is needed\", \
                     scope=\"read update\"",
                ),
            ),
            (AccessRefusal::WrongTenant, 403, None),
            (AccessRefusal::WrongRegion, 403, None),
            (AccessRefusal::OriginNotAllowed, 403, None),
            (AccessRefusal::KeysUnavailable, 503, None),
            (AccessRefusal::KillMarksUnavailable, 503, None),
            (AccessRefusal::IntrospectionUnavailable { retry_after_seconds: 7 }, 503, None),
        ] {
            let realm = Audience::parse("TrueParser.API").unwrap();
            let expected = challenge.map(|rest| format!(r#"Bearer realm="TrueParser.API"{rest}"#));
            assert_eq!((refusal.status(), refusal.challenge(&realm)), (status, expected), "{refusal:?}");
        }
    }

    #[test]
    fn every_rejection_fits_into_a_quoted_string() {
        for rejection in TokenRejection::ALL {
            let text = rejection.to_string();
            assert!(text.bytes().all(|b| matches!(b, b' ' | b'!' | 0x23..=0x5b | 0x5d..=0x7e)), "{text}");
        }
    }
}

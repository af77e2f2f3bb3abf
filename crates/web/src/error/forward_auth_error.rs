//! Refusals of forward authentication, as gateways pass them on (RFC 6750 §3, RFC 7617 §2). Basic is offered wherever the
//! gateway names an app, whatever that app allows: the answer tells nothing about apps or users.

use std::fmt;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::WWW_AUTHENTICATE;
use actix_web::{HttpResponse, ResponseError};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_service::forward_auth::authorize_request::ForwardAuthDenial;

use crate::admission::request_admission::RequestAdmission;
use crate::error::connect_error::{Challenge, ConnectError};
use crate::error::token_denial::ConnectDenial;
use crate::response::connect_response;

const BASIC: &str = r#"Basic realm="turnkeep", charset="UTF-8""#;

/// Why a request may not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ForwardAuthError {
    /// It carries nothing that is taken: 401.
    NoCredentials { takes_basic: bool },
    /// What it carries does not count: 401.
    Unauthorized { takes_basic: bool },
    /// It needs other scopes: 403.
    InsufficientScope(ScopeSet),
    /// The question itself is wrong, or there is no answer now.
    Other(ConnectError),
}

impl ForwardAuthError {
    /// From how the use case ended.
    pub(crate) fn refused(error: ConnectError, takes_basic: bool, wanted: ScopeSet) -> Self {
        match error {
            ConnectError::InvalidToken | ConnectError::InvalidClient(_) => Self::Unauthorized { takes_basic },
            ConnectError::InsufficientScope => Self::InsufficientScope(wanted),
            other => Self::Other(other),
        }
    }

    fn challenges(&self) -> Vec<String> {
        let (bearer, takes_basic) = match self {
            Self::NoCredentials { takes_basic } => (r#"Bearer realm="turnkeep""#.to_owned(), *takes_basic),
            Self::Unauthorized { takes_basic } => {
                (r#"Bearer realm="turnkeep", error="invalid_token""#.to_owned(), *takes_basic)
            }
            // A scope has no character that a quoted string escapes.
            Self::InsufficientScope(scopes) => {
                (format!(r#"Bearer realm="turnkeep", error="insufficient_scope", scope="{scopes}""#), false)
            }
            Self::Other(_) => return Vec::new(),
        };
        let mut challenges = vec![bearer];
        challenges.extend(takes_basic.then(|| BASIC.to_owned()));
        challenges
    }
}

impl fmt::Display for ForwardAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCredentials { .. } => "no credentials",
            Self::Unauthorized { .. } => "the credentials do not count here",
            Self::InsufficientScope(_) => "the token lacks a scope",
            Self::Other(error) => return error.fmt(f),
        })
    }
}

impl ResponseError for ForwardAuthError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NoCredentials { .. } | Self::Unauthorized { .. } => StatusCode::UNAUTHORIZED,
            Self::InsufficientScope(_) => StatusCode::FORBIDDEN,
            Self::Other(error) => error.status_code(),
        }
    }

    /// Has no body: gateways drop it, and everything is in the challenges.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        if let Self::Other(error) = self {
            return error.error_response();
        }
        let mut response = connect_response(self.status_code());
        for challenge in self.challenges() {
            response.append_header((WWW_AUTHENTICATE, challenge));
        }
        response.finish()
    }
}

impl From<ConnectError> for ForwardAuthError {
    /// A token that is no token is refused before anything is looked up.
    fn from(error: ConnectError) -> Self {
        Self::refused(error, false, ScopeSet::default())
    }
}

impl ConnectDenial for ForwardAuthDenial {
    fn answer(self, _: Challenge, _: &RequestAdmission) -> ConnectError {
        match self {
            Self::InvalidToken => ConnectError::InvalidToken,
            Self::WrongCredentials => ConnectError::InvalidClient(Challenge::Basic),
            Self::TooManyAttempts { retry_after } => ConnectError::TooManyFailures(retry_after),
            Self::InsufficientScope => ConnectError::InsufficientScope,
        }
    }

    fn is_failed_guess(&self) -> bool {
        match self {
            Self::WrongCredentials => true,
            Self::InvalidToken | Self::TooManyAttempts { .. } | Self::InsufficientScope => false,
        }
    }
}

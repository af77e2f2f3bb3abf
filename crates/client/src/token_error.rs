//! Why there is no token, and when the authority will be asked again. Carries nothing that was sent or received.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

/// There is no token at the moment. All who waited for one request get the same error.
#[derive(Debug, Clone)]
pub struct TokenError {
    cause: Cause,
    retry_at: Instant,
}

impl TokenError {
    pub(crate) fn new(cause: Cause, retry_at: Instant) -> Self {
        Self { cause, retry_at }
    }

    /// Why.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// Until then the authority is not asked, and every caller without a valid token gets this error.
    pub fn retry_at(&self) -> Instant {
        self.retry_at
    }

    /// The time left until [`TokenError::retry_at`], nothing if that has come.
    pub fn retry_after(&self) -> Duration {
        self.retry_at.saturating_duration_since(Instant::now())
    }

    /// Whether waiting alone will not help: somebody has to change the app, or what it asks for.
    pub fn is_permanent(&self) -> bool {
        matches!(self.cause, Cause::Refused(_))
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.source()
    }
}

/// What went wrong.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Cause {
    /// The authority knows why not, and will say the same again.
    #[error("the authority refused: {0}")]
    Refused(Refusal),
    /// Too many requests (429, RFC 6585 §4).
    #[error("the authority was asked too often")]
    Throttled,
    /// The authority, or something in front of it, has no answer for now: a status of 500 and above, 408, or an
    /// error code that says so.
    #[error("the authority is not available (status {0})")]
    Unavailable(u16),
    /// No complete answer within the timeout.
    #[error("the authority did not answer in time")]
    TimedOut,
    /// No connection, or one that broke. The source says what.
    #[error("the authority could not be reached")]
    Unreachable(#[source] Arc<reqwest::Error>),
    /// An answer that a token endpoint does not give.
    #[error("the authority's answer cannot be used: {0}")]
    Unusable(Flaw),
    /// The runtime that carried the request was shut down, more than once.
    #[error("the request was interrupted")]
    Interrupted,
}

/// Refusals of a token request (RFC 6749 §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Wrong id or secret, or an app that is disabled.
    #[error("the client is unknown, disabled, or its secret is wrong (invalid_client)")]
    InvalidClient,
    /// The app may not use `client_credentials`.
    #[error("the client may not use this grant (unauthorized_client)")]
    UnauthorizedClient,
    /// A scope that there is not, or that the app may not have.
    #[error("a scope is unknown or not for this client (invalid_scope)")]
    InvalidScope,
    /// A resource that there is not, or that is not for this app (RFC 8707 §2).
    #[error("the resource is unknown or not for this client (invalid_target)")]
    InvalidTarget,
    /// The authority does not know `client_credentials`.
    #[error("the authority does not know this grant (unsupported_grant_type)")]
    UnsupportedGrantType,
    /// The authority finds the request malformed; often another authority than the one meant.
    #[error("the authority finds the request malformed (invalid_request)")]
    InvalidRequest,
    /// Another code.
    #[error("with another error code")]
    Other,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Larger than 64 KiB.
    #[error("it is too large")]
    TooLarge,
    /// A redirect: the secret goes to the address that was configured, and nowhere else.
    #[error("it is a redirect")]
    Redirect,
    /// A status that means nothing here, without an error code.
    #[error("its status is {0}")]
    Status(u16),
    /// Not the JSON of RFC 6749 §5.1, or a token that does not fit into a header (RFC 6750 §2.1).
    #[error("it is malformed")]
    Malformed,
    /// A token that is not `Bearer` (RFC 6749 §7.1).
    #[error("the token is not a bearer token")]
    NotBearer,
    /// No `expires_in`, or zero.
    #[error("the token has no lifetime")]
    NoLifetime,
    /// The metadata is another issuer's (RFC 8414 §3.3).
    #[error("the metadata is another issuer's")]
    OtherIssuer,
    /// The metadata names a token endpoint that is less protected than the issuer.
    #[error("the token endpoint is not protected by TLS")]
    InsecureEndpoint,
}

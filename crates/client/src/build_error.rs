//! Why a client cannot be made of what it was given.

use std::sync::Arc;

/// A mistake in the settings, found before anything is sent.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BuildError {
    /// Not a URL with a host and without user info, query and fragment (RFC 8414 §2).
    #[error("the issuer is not an https URL without user info, query and fragment")]
    Issuer,
    /// The secret would cross a network in the clear.
    #[error("the issuer is not protected by TLS")]
    InsecureIssuer,
    /// Empty.
    #[error("the client id is empty")]
    ClientId,
    /// Empty.
    #[error("the client secret is empty")]
    ClientSecret,
    /// Not a `scope-token` (RFC 6749 §3.3).
    #[error("a scope is empty or has a character that scopes cannot have")]
    Scope,
    /// Not an absolute URI without a fragment (RFC 8707 §2).
    #[error("the resource is not an absolute URI without a fragment")]
    Resource,
    /// The HTTP client could not be set up; the source says why.
    #[error("the HTTP client could not be set up")]
    Http(#[source] Arc<reqwest::Error>),
}

//! What can be wrong with a request to the authorization endpoint.

use crate::authorization_request::{MAX_NONCE, MAX_STATE};

/// Why a request cannot be understood. None of the variants tells what was in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationRequestError {
    /// Not UTF-8, or a `%` that two hexadecimal digits do not follow.
    #[error("the parameters are malformed")]
    Encoding,
    /// More than [`FormParameters::MAX`](crate::form::FormParameters::MAX).
    #[error("too many parameters")]
    TooMany,
    /// More than [`MAX_REQUEST`](crate::authorization_request::MAX_REQUEST).
    #[error("the parameters are too large")]
    TooLarge,
    /// RFC 6749 §3.1.
    #[error("a parameter is repeated")]
    Repeated,
    /// `request` (OpenID Connect Core §6.1).
    #[error("request objects are not supported")]
    RequestObject,
    /// `request_uri` (OpenID Connect Core §6.2).
    #[error("request_uri is not supported")]
    RequestUri,
    /// `registration` (OpenID Connect Core §7.2.1).
    #[error("registration is not supported")]
    Registration,
    /// RFC 6749 §3.1.1.
    #[error("response_type is missing")]
    NoResponseType,
    /// Other than `code`.
    #[error("only response_type code is supported")]
    ResponseType,
    /// Neither `query` nor `form_post`.
    #[error("response_mode must be query or form_post")]
    UnknownResponseMode,
    /// More than [`MAX_STATE`].
    #[error("state has more than {MAX_STATE} bytes")]
    StateTooLong,
    /// A method without a challenge.
    #[error("code_challenge is missing")]
    NoChallenge,
    /// `plain`, which is also meant when there is no method (RFC 7636 §4.3).
    #[error("code_challenge_method must be S256")]
    ChallengeMethod,
    /// Not what SHA-256 makes.
    #[error("code_challenge is malformed")]
    Challenge,
    /// RFC 6749 §3.3.
    #[error("scope is malformed")]
    Scope,
    /// RFC 8707 §2.
    #[error("resource is malformed")]
    Resource,
    /// More than [`MAX_NONCE`].
    #[error("nonce has more than {MAX_NONCE} bytes")]
    NonceTooLong,
    /// A value that is unknown.
    #[error("prompt has an unknown value")]
    Prompt,
    /// OpenID Connect Core §3.1.2.1.
    #[error("prompt none excludes other values")]
    PromptNoneWithOthers,
    /// Not a number of seconds.
    #[error("max_age must be a number of seconds")]
    MaxAge,
}

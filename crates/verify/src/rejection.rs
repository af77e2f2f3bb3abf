//! Why a token is refused.

/// The first check that failed. It says nothing about the checks after it, and has nothing of the token in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TokenRejection {
    /// Longer than any token this server makes.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts of base64url with a JSON object in the first.
    #[error("not a signed token")]
    Malformed,
    /// A header member that must not be there: `crit`, `b64`, or a key or the place of one.
    #[error("the token's header has a member that is not allowed")]
    ForbiddenHeader,
    /// Not an access token: its `typ` is not `at+jwt` (RFC 9068 §4).
    #[error("not an access token")]
    WrongType,
    /// An `alg` that is not allowed here.
    #[error("the token's algorithm is not allowed")]
    AlgorithmNotAllowed,
    /// No key has this `kid`. The only rejection for which fetching the key set again may help.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// The key is for another algorithm.
    #[error("the token's key is for another algorithm")]
    KeyAlgorithmMismatch,
    /// The signature is wrong.
    #[error("the token's signature is wrong")]
    BadSignature,
    /// Rightly signed, but without the claims of an access token of this kind of server.
    #[error("the token's claims are not those of an access token")]
    MalformedClaims,
    /// Another issuer.
    #[error("the token is of another issuer")]
    WrongIssuer,
    /// For another resource.
    #[error("the token is for another audience")]
    WrongAudience,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYetValid,
}

impl TokenRejection {
    /// Every rejection, in the order of the checks.
    pub const ALL: [Self; 13] = [
        Self::TooLong,
        Self::Malformed,
        Self::ForbiddenHeader,
        Self::WrongType,
        Self::AlgorithmNotAllowed,
        Self::UnknownKey,
        Self::KeyAlgorithmMismatch,
        Self::BadSignature,
        Self::MalformedClaims,
        Self::WrongIssuer,
        Self::WrongAudience,
        Self::Expired,
        Self::NotYetValid,
    ];
}

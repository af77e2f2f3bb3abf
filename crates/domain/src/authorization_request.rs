//! What an app asks of the authorization endpoint (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1), as it is understood.
//! Whether the app may ask it is for others to say.

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use crate::authentication::AssuranceLevel;
use crate::pkce::CodeChallenge;
use crate::resource::Audience;
use crate::scope::ScopeSet;

/// What a request says of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stated<T> {
    /// Nothing: it is not there, or empty.
    Never,
    /// This.
    Once(T),
    /// More than one thing (RFC 6749 §3.1), or one that is no text.
    Ambiguously,
}

impl<T> Stated<T> {
    /// The value, if there is exactly one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Once(value) => Some(value),
            Self::Never | Self::Ambiguously => None,
        }
    }

    /// The same with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Stated<U> {
        match self {
            Self::Never => Stated::Never,
            Self::Once(value) => Stated::Once(change(value)),
            Self::Ambiguously => Stated::Ambiguously,
        }
    }
}

impl<T: Deref> Stated<T> {
    /// The same with the value borrowed.
    pub fn as_deref(&self) -> Stated<&T::Target> {
        match self {
            Self::Never => Stated::Never,
            Self::Once(value) => Stated::Once(value),
            Self::Ambiguously => Stated::Ambiguously,
        }
    }
}

/// What the person may, must and must not be asked (OpenID Connect Core §3.1.2.1, `prompt`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prompts {
    /// `none`: nothing at all. Excludes the others.
    pub none: bool,
    /// `login`, or `select_account`: to sign in, again if need be. Whoever signs in selects an account.
    pub login: bool,
    /// `consent`: whether the app may.
    pub consent: bool,
}

/// A request that can be understood, without what says who asks and where the answer goes.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The challenge (RFC 7636 §4.3), by `S256`.
    pub challenge: Option<CodeChallenge>,
    /// `scope`; `None` if the request does not say.
    pub scopes: Option<ScopeSet>,
    /// `resource` (RFC 8707 §2).
    pub audience: Option<Audience>,
    /// `nonce`, to be repeated in the ID token.
    pub nonce: Option<String>,
    /// `prompt`: what the person may be asked.
    pub prompts: Prompts,
    /// `max_age`: how long ago the person may have signed in.
    pub max_age: Option<Duration>,
    /// `acr_values`: how sure it should be who the person is, if this server knows one of the values.
    pub assurance: Option<AssuranceLevel>,
    /// `id_token_hint`: whom the app expects, not verified.
    pub id_token_hint: Option<String>,
}

/// The hint is a token, and the nonce ties an ID token to a browser.
impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("scopes", &self.scopes)
            .field("audience", &self.audience)
            .field("prompts", &self.prompts)
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}

//! Why an app gets no code.

use crate::decide_sign_in::SignInDenial;
use crate::token_denial::TokenDenial;

/// Why nothing is sent to the app. The person sees a page of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageDenial {
    /// A parameter that says where the answer goes is there twice (RFC 6749 §3.1).
    #[error("a parameter is ambiguous")]
    Ambiguous,
    /// There is no such app, or it is switched off with its tenant or its instance.
    #[error(transparent)]
    Client(TokenDenial),
    /// The app does not say where the answer goes, and has not exactly one place for it (RFC 6749 §3.1.2.3).
    #[error("the redirect URI is missing")]
    RedirectUriMissing,
    /// The app has not registered this one.
    #[error("the redirect URI is not registered")]
    RedirectUriMismatch,
}

impl PageDenial {
    /// The stable code, for the audit trail.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ambiguous => "ambiguous_request",
            Self::Client(denial) => denial.code(),
            Self::RedirectUriMissing => "redirect_uri_missing",
            Self::RedirectUriMismatch => "redirect_uri_mismatch",
        }
    }
}

/// Why the app gets an error instead of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationDenial {
    /// The request cannot be understood.
    #[error("the request is malformed")]
    Malformed,
    /// The app may have no tokens at the moment.
    #[error(transparent)]
    App(TokenDenial),
    /// People do not sign in to this app (seed 002).
    #[error("nobody signs in to this app")]
    NotForPeople,
    /// There is no challenge (RFC 9700 §2.1.1).
    #[error("PKCE is required")]
    PkceRequired,
    /// The app may not ask for these scopes, or for this resource.
    #[error(transparent)]
    Scope(TokenDenial),
    /// The app does not admit this person.
    #[error(transparent)]
    SignIn(SignInDenial),
    /// The person would have to sign in, but must not be asked, or somebody else did.
    #[error("the person has to sign in")]
    LoginRequired,
    /// The person would have to allow it, but must not be asked.
    #[error("the person has to consent")]
    ConsentRequired,
    /// The person refused.
    #[error("the person refused")]
    ConsentDenied,
}

impl AuthorizationDenial {
    /// The stable code, for the audit trail.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed_request",
            Self::App(denial) | Self::Scope(denial) => denial.code(),
            Self::NotForPeople => "not_for_people",
            Self::PkceRequired => "pkce_required",
            Self::SignIn(denial) => denial.code(),
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::ConsentDenied => "consent_denied",
        }
    }
}

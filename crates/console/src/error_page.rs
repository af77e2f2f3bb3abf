//! The page for requests that lead nowhere. It never redirects, and each kind has one fixed phrase.

use askama::Template;

use crate::frame::Frame;

/// Says what went wrong, with a code in `error-code` and a phrase in `error-message`.
#[derive(Template)]
#[template(path = "error_page.html")]
pub struct ErrorPage<'a> {
    /// The surroundings.
    pub frame: Frame<'a>,
    /// What went wrong.
    pub error: PageError,
    /// The id under which the log knows this request.
    pub request_id: &'a str,
    /// Where to go on, if we know a place.
    pub way_on: Option<WayOn<'a>>,
}

/// Where somebody goes on from an error page, with the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOn<'a> {
    /// To the dashboard, for who was in it.
    Dashboard(&'a str),
    /// To the person's own account, which asks to sign in if that is still to do.
    Account(&'a str),
}

/// What can go wrong so that only a page can say it. Errors of an app's request that may be answered to the
/// app (RFC 6749 §4.1.2.1) are not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageError {
    /// No app has this client id, or it is disabled, or not for people.
    UnknownClient,
    /// The redirect URI is not registered.
    RedirectUriMismatch,
    /// The redirect URI is missing.
    RedirectUriMissing,
    /// A parameter came twice (RFC 6749 §3.1).
    DuplicateParameter,
    /// The request cannot be read, or is not what the address takes.
    MalformedRequest,
    /// What was begun cannot be finished: it is too old, was finished before, is not ours, or its app is disabled.
    InteractionExpired,
    /// The form has no valid token against forgery, or came from another site.
    FormExpired,
    /// There is nothing at this address.
    NotFound,
    /// The person's role does not include it.
    Forbidden,
    /// Too many requests.
    TooManyAttempts,
    /// We are too busy, or something that we need is away.
    TemporarilyUnavailable,
    /// A fault of ours.
    Internal,
    /// A one-time link that does not work.
    LinkInvalid,
    /// A logout request that cannot be trusted (RP-Initiated Logout §4).
    LogoutInvalid,
    /// The address does not take this method.
    MethodNotAllowed,
    /// The request is too large.
    TooLarge,
}

impl PageError {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::UnknownClient,
        Self::RedirectUriMismatch,
        Self::RedirectUriMissing,
        Self::DuplicateParameter,
        Self::MalformedRequest,
        Self::InteractionExpired,
        Self::FormExpired,
        Self::NotFound,
        Self::Forbidden,
        Self::TooManyAttempts,
        Self::TemporarilyUnavailable,
        Self::Internal,
        Self::LinkInvalid,
        Self::LogoutInvalid,
        Self::MethodNotAllowed,
        Self::TooLarge,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownClient => "unknown_client",
            Self::RedirectUriMismatch => "redirect_uri_mismatch",
            Self::RedirectUriMissing => "redirect_uri_missing",
            Self::DuplicateParameter => "duplicate_parameter",
            Self::MalformedRequest => "malformed_request",
            Self::InteractionExpired => "interaction_expired",
            Self::FormExpired => "form_expired",
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::TooManyAttempts => "too_many_attempts",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::Internal => "internal",
            Self::LinkInvalid => "link_invalid",
            Self::LogoutInvalid => "logout_invalid",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooLarge => "too_large",
        }
    }

    /// The one phrase of this kind.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::UnknownClient => {
                "This app is not known here, or people cannot sign in to it at the moment."
            }
            Self::RedirectUriMismatch => {
                "The app wants you sent to an address that is not registered for it."
            }
            Self::RedirectUriMissing => "The app did not say where to send you after signing in.",
            Self::DuplicateParameter => "The app sent a request in which something is said twice.",
            Self::MalformedRequest => "What was sent cannot be understood.",
            Self::InteractionExpired => {
                "This cannot go on: it took too long, was finished already, or the app does not take part any more. \
                 Please go back to where you came from and begin again."
            }
            Self::FormExpired => {
                "This form is no longer valid. Please go back, reload the page and try again."
            }
            Self::NotFound => "There is no page at this address.",
            Self::Forbidden => {
                "Your role does not include this. Whoever looks after the tenant can change it."
            }
            Self::TooManyAttempts => "There were too many attempts. Please wait a few minutes and try again.",
            Self::TemporarilyUnavailable => "This does not work at the moment. Please try again shortly.",
            Self::Internal => "Something went wrong on our side. Please try again later.",
            Self::LinkInvalid => "This link does not work any more. It was used, replaced or is too old.",
            Self::LogoutInvalid => "The app sent a request to sign out that cannot be trusted.",
            Self::MethodNotAllowed => "This address cannot be used in this way.",
            Self::TooLarge => "What was sent is too large.",
        }
    }
}

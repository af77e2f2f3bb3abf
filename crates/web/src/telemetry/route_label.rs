//! What requests are counted by instead of their paths. Each route carries its own as data of its resource or scope; what
//! no route answers has none.

use actix_web::HttpRequest;

use crate::telemetry::label::Label;

/// A group of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RouteLabel {
    /// `/connect/token`.
    Token,
    /// `/connect/introspect`.
    Introspection,
    /// `/connect/revoke`.
    Revocation,
    /// `/connect/authorize` and what belongs to it.
    Authorization,
    /// `/connect/userinfo`.
    Userinfo,
    /// `/connect/endsession`.
    EndSession,
    /// `/connect/forward-auth`.
    ForwardAuth,
    /// `/account`.
    Account,
    /// `/dashboard`.
    Dashboard,
    /// `/.well-known/kill-marks`, whose polls wait for news.
    KillMarks,
    /// Key sets and metadata.
    WellKnown,
    /// `/api/v1`.
    Management,
    /// `/health/…` and `/metrics`.
    Health,
    /// What nothing of ours answers.
    Other,
}

impl RouteLabel {
    /// Of the route that answered a request.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        request.app_data::<Self>().copied().unwrap_or(Self::Other)
    }
}

impl Label for RouteLabel {
    const NAME: &'static str = "route";

    fn all() -> impl Iterator<Item = Self> {
        [
            Self::Token,
            Self::Introspection,
            Self::Revocation,
            Self::Authorization,
            Self::Userinfo,
            Self::EndSession,
            Self::ForwardAuth,
            Self::Account,
            Self::Dashboard,
            Self::KillMarks,
            Self::WellKnown,
            Self::Management,
            Self::Health,
            Self::Other,
        ]
        .into_iter()
    }

    fn text(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Introspection => "introspection",
            Self::Revocation => "revocation",
            Self::Authorization => "authorization",
            Self::Userinfo => "userinfo",
            Self::EndSession => "end-session",
            Self::ForwardAuth => "forward-auth",
            Self::Account => "account",
            Self::Dashboard => "dashboard",
            Self::KillMarks => "kill-marks",
            Self::WellKnown => "well-known",
            Self::Management => "management",
            Self::Health => "health",
            Self::Other => "other",
        }
    }
}

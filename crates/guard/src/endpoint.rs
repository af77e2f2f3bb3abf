//! What requests are limited and counted by: a fixed set, so that nothing a client sends can add to it.

/// A kind of request that has limits of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Endpoint {
    /// `/connect/token`.
    Token,
    /// `/connect/introspect`.
    Introspection,
    /// `/connect/revoke`.
    Revocation,
    /// Where people sign in.
    SignIn,
    /// `/api/v1`.
    Management,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Token, Self::Introspection, Self::Revocation, Self::SignIn, Self::Management];

    /// Its name in settings, headers and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Introspection => "introspection",
            Self::Revocation => "revocation",
            Self::SignIn => "sign-in",
            Self::Management => "management",
        }
    }
}

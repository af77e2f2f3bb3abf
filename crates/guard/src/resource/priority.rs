//! What is turned away last.

/// How important a request is under load, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// Health, revocation, and everything that takes access away: never turned away.
    AlwaysPass,
    /// Tokens, and the keys they are verified with.
    Token,
    /// Introspection.
    Introspection,
    /// The management API.
    Management,
    /// Pages for people.
    Dashboard,
}

impl Priority {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::AlwaysPass, Self::Token, Self::Introspection, Self::Management, Self::Dashboard];

    /// Its name in metrics and recordings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AlwaysPass => "always-pass",
            Self::Token => "token",
            Self::Introspection => "introspection",
            Self::Management => "management",
            Self::Dashboard => "dashboard",
        }
    }
}

//! Who may make reference tokens for an app (seed 002: `AccessTokens`).

/// The policy for personal (PAT) and service (SAT) access tokens; checked when one is made and at every use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReferenceTokenPolicy {
    /// Nobody.
    #[default]
    None,
    /// Any signed-in user.
    AuthenticatedUsers,
    /// Administrators.
    AdministratorsOnly,
}

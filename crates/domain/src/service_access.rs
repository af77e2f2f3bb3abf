//! Access without a person: who the principal is (seeds 000, 001, 002).

use crate::id::UserId;

/// As whom an app acts when no person is involved. "Allowed but without a user" cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceAccess {
    /// No `client_credentials` for this app.
    Disabled,
    /// The app itself is the principal (seeds 000 and 001).
    AsApp,
    /// A system user is (seed 002: `SystemUserAllowed` with `SystemUser`).
    AsUser(UserId),
}

//! Users of an instance.

pub(crate) mod create;
pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod switch;
pub(crate) mod tokens;
pub(crate) mod update;

mod sign_out;
mod welcome;

use turnkeep_domain::user::{UserKind, UserState};

/// The kinds of users by their names in a query.
pub(crate) const KINDS: [(&str, UserKind); 3] =
    [("internal", UserKind::Internal), ("community", UserKind::Community), ("system", UserKind::System)];

/// The states of users by their names in a query.
pub(crate) const STATES: [(&str, UserState); 2] =
    [("active", UserState::Active), ("disabled", UserState::Disabled)];

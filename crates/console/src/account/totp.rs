//! The authenticator app on the account page.

use crate::parts::moment::Moment;

/// Whether the person has an authenticator app.
#[derive(Debug, Clone, Copy)]
pub enum TotpState<'a> {
    /// None yet.
    Off {
        /// The path that begins to set one up.
        start_action: &'a str,
    },
    /// Set up.
    On {
        /// Since when.
        since: &'a Moment,
        /// The path that removes it.
        remove_action: &'a str,
        /// Whether that takes the password: of who has one.
        asks_password: bool,
    },
}

//! The recovery codes on the account page.

use crate::parts::tick_field::TickField;

/// The offer to make new ones, which replace the old ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecoveryCodes<'a> {
    /// The path that makes them.
    pub action: &'a str,
    /// What is ticked first. The form is unfolded where something is wrong with it.
    pub tick: TickField,
}

//! A passkey on the account page.

use crate::parts::moment::Moment;
use crate::parts::tick_field::TickField;

/// One passkey of the person.
#[derive(Debug, Clone)]
pub struct PasskeyItem {
    /// The name that the person gave to it.
    pub name: String,
    /// When it was added.
    pub added_at: Moment,
    /// When it was last used, if ever.
    pub last_used_at: Option<Moment>,
    /// The path that removes it.
    pub remove_action: String,
    /// What is ticked before it is removed. The form is unfolded where something is wrong with it.
    pub tick: TickField,
}

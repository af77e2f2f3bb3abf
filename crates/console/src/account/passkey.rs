//! A passkey on the account page.

use crate::parts::moment::Moment;
use crate::parts::tick_field::TickedAction;

/// One passkey of the person.
#[derive(Debug, Clone)]
pub struct PasskeyItem {
    /// The name that the person gave to it.
    pub name: String,
    /// When it was added.
    pub added_at: Moment,
    /// When it was last used, if ever.
    pub last_used_at: Option<Moment>,
    /// What removes it.
    pub removal: TickedAction,
}

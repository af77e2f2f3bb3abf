//! A passkey on the account page.

/// One passkey of the person.
#[derive(Debug, Clone)]
pub struct PasskeyItem {
    /// The name that the person gave to it.
    pub name: String,
    /// When it was added.
    pub added_at: String,
    /// When it was last used, if ever.
    pub last_used_at: Option<String>,
    /// The path that removes it.
    pub remove_action: String,
}

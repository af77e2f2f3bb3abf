//! A session on the account page.

use crate::parts::moment::Moment;

/// One session of the person.
#[derive(Debug, Clone)]
pub struct SessionItem {
    /// What is known of the browser, for example `Firefox on Linux`; may be empty.
    pub browser: String,
    /// When it began.
    pub signed_in_at: Moment,
    /// When it was last used.
    pub last_seen_at: Moment,
    /// How the person signed in, for example `Password and code`.
    pub method: String,
    /// Whether it is the session that looks at this page.
    pub is_this: bool,
    /// The path that ends it.
    pub end_action: String,
}

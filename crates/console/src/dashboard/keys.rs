//! The signing keys of the instance.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::moment::Moment;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/keys.html")]
pub struct KeysPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// The published keys.
    pub keys: Vec<KeyItem>,
    /// The algorithms that the instance signs with.
    pub algorithms: Vec<String>,
    /// The path that has another key made; takes `algorithm`.
    pub rotate_action: String,
    /// The address of the published key set.
    pub key_set_url: String,
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyItem {
    /// The `kid`.
    pub id: String,
    /// What it signs with.
    pub algorithm: String,
    /// Where it is in its life: `signs`.
    pub state: &'static str,
    /// Since or until when, where that is known.
    pub at: Option<Moment>,
    /// When it was made.
    pub created_at: Moment,
}

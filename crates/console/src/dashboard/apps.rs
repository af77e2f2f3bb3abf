//! The apps of a tenant.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::moment::Moment;

/// The list.
#[derive(Template)]
#[template(path = "dashboard/apps.html")]
pub struct AppsPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// The path of this page.
    pub path: String,
    /// What was searched for in the names.
    pub searched: String,
    /// Why that cannot be searched for; nothing is shown then.
    pub search_error: Option<String>,
    /// How many apps there are and how many there may be: `3 of 10`.
    pub count: String,
    /// Why none of them gets a token, if that is so.
    pub obstacle: Option<&'static str>,
    /// The apps of this page.
    pub apps: Vec<AppItem>,
    /// The path of the next page.
    pub next_path: Option<String>,
    /// The path that makes an app; nothing for who may not.
    pub new_path: Option<String>,
}

/// An app in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppItem {
    /// Its name.
    pub name: String,
    /// The path of its page.
    pub path: String,
    /// Its client id.
    pub client_id: String,
    /// The code of its region.
    pub region: String,
    /// The code of its plan.
    pub plan: Option<String>,
    /// Whether it is enabled.
    pub is_enabled: bool,
    /// When it was made.
    pub created_at: Moment,
}

//! What all pages of one app begin with: its name, whether it is enabled, and the tabs.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::dashboard::chrome::NavItem;

/// The beginning; it stands in the block `heading` of a page as `{{ head }}`. The heading of the page is the name of
/// the app, so that what a tab shows begins with an `h2`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "dashboard/app_tabs.html")]
pub struct AppHead {
    /// The name of the app.
    pub name: String,
    /// Whether it is enabled.
    pub is_enabled: bool,
    /// The pages of the app that this person may see.
    pub tabs: Vec<NavItem>,
}

impl AppHead {
    /// What the tab is called that this page is.
    #[must_use]
    pub fn here(&self) -> &'static str {
        self.tabs.iter().find(|tab| tab.is_here).map_or("", |tab| tab.label)
    }
}

/// Its template escapes what it is made of.
impl HtmlSafe for AppHead {}

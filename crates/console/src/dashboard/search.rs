//! What a search found.

use askama::Template;

use crate::dashboard::chrome::Chrome;

/// The page. Its field is the one of the surroundings.
#[derive(Template)]
#[template(path = "dashboard/search.html")]
pub struct SearchPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// Why what was typed cannot be searched for.
    pub problem: Option<String>,
    /// What was found, by kind; kinds of which nothing was found are left out.
    pub kinds: Vec<FoundKind>,
}

/// What was found of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundKind {
    /// The id of its part of the page.
    pub id: &'static str,
    /// What it is called: `Apps`.
    pub title: &'static str,
    /// The records.
    pub items: Vec<FoundItem>,
    /// Whether there may be more of it than are shown.
    pub is_cut: bool,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundItem {
    /// Its name.
    pub name: String,
    /// What else tells it from others.
    pub hint: String,
    /// The path of its page.
    pub path: String,
}

//! The periodic review of apps (seed 002).

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::choice_field::ChoiceField;
use crate::parts::moment::Moment;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/review.html")]
pub struct ReviewPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// The path of this page.
    pub path: String,
    /// Which finding is looked for.
    pub finding: ChoiceField,
    /// The apps.
    pub apps: Vec<ReviewItem>,
    /// The path of the next page.
    pub next_path: Option<String>,
}

/// An app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewItem {
    /// Its name.
    pub name: String,
    /// The path of its page.
    pub path: String,
    /// The name of its tenant.
    pub tenant: String,
    /// Who answers for it.
    pub owners: Vec<String>,
    /// What it may be granted.
    pub scopes: String,
    /// When it was last used.
    pub last_used_at: Option<Moment>,
    /// What deserves a look, in words.
    pub findings: Vec<&'static str>,
}

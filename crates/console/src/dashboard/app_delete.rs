//! Asks before an app is deleted.

use askama::Template;

use crate::dashboard::app_tabs::AppHead;
use crate::dashboard::chrome::Chrome;
use crate::parts::text_field::TextField;

/// The question.
#[derive(Template)]
#[template(path = "dashboard/app_delete.html")]
pub struct AppDeletePage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the page begins with.
    pub head: AppHead,
    /// The path of this page, where the form is sent.
    pub action: String,
    /// Where the name of the app is typed.
    pub name: TextField,
    /// The path of the app.
    pub app_path: String,
}

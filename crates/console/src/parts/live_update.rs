//! How a page that shows what happens is kept up to date: by a link that loads it again, and, with `live.js`, by itself.

use askama::Template;
use askama::filters::HtmlSafe;

/// The link, and the button that stops the script. What is replaced is marked by `data-live` and has an id.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/live_update.html")]
pub struct LiveUpdate {
    /// The path of the page.
    pub path: String,
}

/// Its template escapes what it is made of.
impl HtmlSafe for LiveUpdate {}

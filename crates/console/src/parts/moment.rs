//! A point in time. Without script it reads in UTC; with it, in the reader's own zone, and in UTC when pointed at.

use askama::Template;
use askama::filters::HtmlSafe;

/// A point in time, as an element of a page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/moment.html")]
pub struct Moment {
    /// For programs: `2026-11-22T09:30:00Z`.
    pub rfc3339: String,
    /// For people: `2026-11-22 09:30 UTC`.
    pub utc: String,
}

/// Its template escapes what it is made of.
impl HtmlSafe for Moment {}

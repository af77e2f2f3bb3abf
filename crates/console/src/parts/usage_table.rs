//! The usage of the apps of a tenant as a table, one row each, or a word that there is none.

use askama::Template;
use askama::filters::HtmlSafe;

/// What the amounts are called.
const WINDOWS: [&str; 3] = ["This hour", "Today", "This month"];

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/usage_table.html")]
pub struct UsageTable {
    /// The apps, nearest to a limit first; none if none used anything.
    pub rows: Vec<UsageOfApp>,
    /// What is left out, in a sentence.
    pub rest: Option<String>,
}

/// An app and what it used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageOfApp {
    /// Its name, or what to say of one that is gone.
    pub name: String,
    /// The path of its usage; nothing for one that is gone.
    pub path: Option<String>,
    /// The code of its plan.
    pub plan: Option<String>,
    /// Document Units of this hour, today and this month.
    pub units: [u64; 3],
    /// How near it is to its limit: `75.0 % of this hour`.
    pub nearest: Option<String>,
    /// What is out of the ordinary about that: `critical`.
    pub alarm: Option<&'static str>,
}

impl UsageOfApp {
    /// The amounts, each with what it is called.
    fn windows(&self) -> impl Iterator<Item = (&'static str, u64)> {
        WINDOWS.into_iter().zip(self.units)
    }
}

/// Its template escapes what it is made of.
impl HtmlSafe for UsageTable {}

//! Events of the audit trail as a table, one row each; what changed and the ids are behind a summary, so that a page of
//! them stays calm.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::parts::moment::Moment;

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/audit_table.html")]
pub struct AuditTable {
    /// What the table is called for who does not see it.
    pub label: String,
    /// Whether it says which record an event is about; needless where all are about the same.
    pub has_objects: bool,
    /// The events, in the order in which they are shown.
    pub events: Vec<AuditItem>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditItem {
    /// Its place in the trail of its instance.
    pub position: u64,
    /// When.
    pub at: Moment,
    /// What was attempted, in words: `App: regenerate secret`.
    pub event: String,
    /// The same as the management API has it: `app.regenerate_secret`.
    pub action: String,
    /// The code of the refusal, if it was refused.
    pub refusal: Option<String>,
    /// Who did it, in words.
    pub actor: String,
    /// The id of the person or app that did it, if it was one.
    pub actor_id: Option<String>,
    /// The id of the record it is about.
    pub object: Option<String>,
    /// What changed.
    pub changes: Vec<AuditChange>,
    /// The request that caused it.
    pub request_id: Option<String>,
}

/// An attribute before and after; never a secret one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditChange {
    /// The attribute, as the management API names it.
    pub attribute: String,
    /// What it was, if it was set.
    pub before: Option<String>,
    /// What it is, if it is set.
    pub after: Option<String>,
}

impl AuditItem {
    /// What the summary of the rest says.
    fn summary(&self) -> String {
        match self.changes.len() {
            0 => "Details".to_owned(),
            1 => "1 change".to_owned(),
            count => format!("{count} changes"),
        }
    }
}

/// Its template escapes what it is made of.
impl HtmlSafe for AuditTable {}

//! The audit trail of a tenant or of the whole instance, and one event of it.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::audit_table::AuditItem;
use crate::parts::choice_field::ChoiceField;
use crate::parts::text_field::TextField;

/// The list, the newest first.
#[derive(Template)]
#[template(path = "dashboard/audit.html")]
pub struct AuditPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// What the page is called.
    pub title: &'static str,
    /// How the chain of events looks.
    pub chain: ChainLine,
    /// What is looked for.
    pub filter: AuditFilterForm,
    /// The path that exports what is looked for.
    pub export_path: String,
    /// The path of the page without a filter and from its beginning.
    pub path: String,
    /// The events of this page.
    pub events: Vec<AuditRow>,
    /// The path of the next page.
    pub next_path: Option<String>,
}

/// How the chain of events looks, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainLine {
    /// How it looks.
    pub mark: ChainMark,
    /// The line.
    pub text: String,
    /// The hash of the last event, to compare with what somebody wrote down; for operators.
    pub head: Option<String>,
}

/// How the chain looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainMark {
    /// Everything that was looked at is in order.
    Sound,
    /// It could not be judged.
    Unproven,
    /// Something was changed.
    Broken,
    /// There is nothing.
    Empty,
}

/// The form that looks for events; sent with GET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFilterForm {
    /// The fields, in their order.
    pub fields: Vec<TextField>,
    /// Done or refused.
    pub outcome: ChoiceField,
    /// Whether something is looked for.
    pub is_used: bool,
}

/// An event of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The event.
    pub item: AuditItem,
    /// The path of its page.
    pub path: String,
}

/// An event.
#[derive(Template)]
#[template(path = "dashboard/audit_event.html")]
pub struct AuditEventPage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// The event.
    pub item: AuditItem,
    /// Its id.
    pub id: String,
    /// The tenant that it concerns, by name or id; nothing on pages of one tenant.
    pub tenant: Option<String>,
    /// Its hash.
    pub hash: String,
    /// The hash of the event before it.
    pub previous_hash: String,
    /// Whether the hash is that of what is shown.
    pub is_genuine: bool,
    /// What else happened: by the same actor, to the same record, in the same request.
    pub related: RelatedPaths,
}

/// Paths of lists that an event is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedPaths {
    /// Everything by the same actor.
    pub actor: String,
    /// Everything about the same record.
    pub object: Option<String>,
    /// Everything of the same request.
    pub request: Option<String>,
    /// Everything of the same kind.
    pub action: String,
}

impl ChainMark {
    fn class(self) -> &'static str {
        match self {
            Self::Sound => "done",
            Self::Unproven | Self::Empty => "info",
            Self::Broken => "problem",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Unproven => "unproven",
            Self::Broken => "broken",
            Self::Empty => "empty",
        }
    }
}

//! How the servers are doing.

use askama::Template;

use crate::dashboard::chrome::Chrome;
use crate::parts::moment::Moment;

/// The page.
#[derive(Template)]
#[template(path = "dashboard/node.html")]
pub struct NodePage<'a> {
    /// The surroundings.
    pub chrome: Chrome<'a>,
    /// The path of this page.
    pub path: String,
    /// How much the node that answers can take.
    pub guard: NodeGuard,
    /// What else the node knows of itself.
    pub facts: Vec<Fact>,
    /// All servers that share the database.
    pub nodes: Vec<NodeItem>,
}

/// How much a node can take, and by what that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeGuard {
    /// Its level: `normal`.
    pub level: &'static str,
    /// Whether it does without some work at the moment.
    pub is_strained: bool,
    /// Since when, and because of what, in a sentence.
    pub reason: Option<String>,
    /// All levels, from the best to the worst.
    pub levels: Vec<LevelItem>,
    /// What is measured; nothing without a guard.
    pub signals: Vec<SignalItem>,
}

/// A level, and what it means for who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelItem {
    /// Its name: `slow`.
    pub name: &'static str,
    /// What passes.
    pub passes: &'static str,
    /// What does not.
    pub refused: &'static str,
    /// Whether the node is there now.
    pub is_now: bool,
}

/// Something that is measured, and from where on it stands for which level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalItem {
    /// Its name in settings: `cpu_pressure`.
    pub code: &'static str,
    /// What it is, in words.
    pub name: &'static str,
    /// How much it is now, with its unit, if this machine can tell.
    pub now: Option<String>,
    /// From where on it stands for `slow`, `defer` and `reject`, with its unit, if it ever does.
    pub limits: [Option<String>; 3],
}

/// Something known, in words and numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What.
    pub name: &'static str,
    /// How much.
    pub value: String,
}

/// A server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeItem {
    /// Its id.
    pub id: String,
    /// What it has applied of the change log.
    pub applied: String,
    /// When it registered.
    pub registered_at: Moment,
    /// Whether it is the one that answers.
    pub is_this: bool,
}

/// What the limits of a signal stand for, in their order.
const LIMIT_HEADINGS: [&str; 3] = ["Slow from", "Defer from", "Reject from"];

impl SignalItem {
    /// The limits, each with what it is called.
    fn named_limits(&self) -> impl Iterator<Item = (&'static str, &Option<String>)> {
        LIMIT_HEADINGS.into_iter().zip(&self.limits)
    }
}

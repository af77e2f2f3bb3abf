//! What can be done with a record at one press of a button, each with what it means.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;

/// The steps.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/step_panel.html")]
pub struct StepPanel {
    /// The id of the panel; that of its heading is made of it.
    pub id: Cow<'static, str>,
    /// What it is called.
    pub title: Cow<'static, str>,
    /// The hidden field `csrf` of its forms.
    pub csrf: String,
    /// The steps.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What the ids are made of: `suspend` is that of `suspend-form` and `suspend-button`.
    pub id: &'static str,
    /// What it does.
    pub name: Cow<'static, str>,
    /// What that means.
    pub hint: Cow<'static, str>,
    /// Where it happens.
    pub way: StepWay,
    /// What its button says.
    pub button: Cow<'static, str>,
}

/// Where a step happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepWay {
    /// At once, where this is sent.
    Sent {
        /// Where it is sent.
        action: String,
        /// Whether it takes something away.
        is_danger: bool,
    },
    /// At once, and not a second time by the same page.
    SentOnce {
        /// Where it is sent.
        action: String,
        /// The hidden field `once` of the form.
        once: String,
    },
    /// On a page of its own.
    Page(String),
}

/// Its template escapes what it is made of.
impl HtmlSafe for StepPanel {}

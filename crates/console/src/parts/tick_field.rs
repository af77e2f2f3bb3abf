//! A box that has to be ticked before a button that takes much away does anything.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;

/// The field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/tick_field.html")]
pub struct TickField {
    /// The id of the element; the error has one made of it.
    pub id: Cow<'static, str>,
    /// The name in the form that is sent, with the value `on`.
    pub name: Cow<'static, str>,
    /// What ticking it says.
    pub label: Cow<'static, str>,
    /// The id of the words on the page that say what happens then.
    pub warning_id: Cow<'static, str>,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// Its template escapes what it is made of.
impl HtmlSafe for TickField {}

/// What is done by a form with such a box. The form is unfolded where something is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickedAction {
    /// The path that the form is sent to.
    pub path: String,
    /// What is ticked first.
    pub tick: TickField,
}

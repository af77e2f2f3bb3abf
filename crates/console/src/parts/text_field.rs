//! A field that people type into, with its label, its hint, and what is wrong with it beside it.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::parts::described_by::described_by;

/// What is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextKind {
    /// One line.
    #[default]
    Line,
    /// Several lines.
    Lines,
    /// A number.
    Number,
    /// Something nobody should see, and no browser should keep.
    Secret,
    /// A day: `2026-11-22`.
    Day,
}

/// The field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/text_field.html")]
pub struct TextField {
    /// The id of the element; the hint and the error have ids made of it.
    pub id: Cow<'static, str>,
    /// The name in the form that is sent.
    pub name: Cow<'static, str>,
    /// What it is called.
    pub label: Cow<'static, str>,
    /// What was typed, or what there is.
    pub value: String,
    /// What to know about it.
    pub hint: Option<Cow<'static, str>>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// Whether it may be left empty.
    pub required: bool,
    /// What is typed.
    pub kind: TextKind,
    /// The most characters, where there is a limit.
    pub max_length: Option<usize>,
}

impl TextField {
    /// A field of one line whose id is its name.
    #[must_use]
    pub fn line(name: &'static str, label: &'static str, value: String) -> Self {
        Self { id: name.into(), name: name.into(), label: label.into(), value, ..Self::default() }
    }

    fn input_type(&self) -> &'static str {
        match self.kind {
            TextKind::Line | TextKind::Lines | TextKind::Number => "text",
            TextKind::Secret => "password",
            TextKind::Day => "date",
        }
    }

    fn input_mode(&self) -> Option<&'static str> {
        (self.kind == TextKind::Number).then_some("numeric")
    }

    fn is_lines(&self) -> bool {
        self.kind == TextKind::Lines
    }

    /// A secret is none of the reader's own passwords.
    fn autocomplete(&self) -> &'static str {
        if self.kind == TextKind::Secret { "new-password" } else { "off" }
    }

    fn described_by(&self) -> Option<String> {
        described_by(&self.id, self.error.is_some(), self.hint.is_some())
    }
}

/// Its template escapes what it is made of.
impl HtmlSafe for TextField {}

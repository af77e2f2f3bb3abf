//! A field where one of several is chosen, with what there is to know about each.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::parts::described_by::described_by;

/// One to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: Cow<'static, str>,
    /// What it is called.
    pub label: Cow<'static, str>,
    /// What to know about it; of one that cannot be chosen, why.
    pub hint: Option<Cow<'static, str>>,
    /// Whether it cannot be chosen.
    pub is_disabled: bool,
}

impl Choice {
    /// One of which there is nothing more to know.
    pub fn of(value: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }
}

/// How the choices look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChoiceStyle {
    /// A list that opens; for many, without hints.
    #[default]
    List,
    /// Buttons of which one is pressed, with hints.
    Buttons,
}

/// The field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/choice_field.html")]
pub struct ChoiceField {
    /// The id of the element; those of its parts are made of it.
    pub id: Cow<'static, str>,
    /// The name in the form that is sent.
    pub name: Cow<'static, str>,
    /// What it is called.
    pub label: Cow<'static, str>,
    /// The value that is chosen; none if it is the value of no choice.
    pub chosen: String,
    /// What to choose from.
    pub choices: Vec<Choice>,
    /// What to know about it.
    pub hint: Option<Cow<'static, str>>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// How it looks.
    pub style: ChoiceStyle,
}

impl ChoiceField {
    fn is_list(&self) -> bool {
        self.style == ChoiceStyle::List
    }

    fn is_chosen(&self, choice: &Choice) -> bool {
        choice.value == self.chosen && !choice.is_disabled
    }

    fn described_by(&self) -> Option<String> {
        described_by(&self.id, self.error.is_some(), self.hint.is_some())
    }
}

/// Its template escapes what it is made of.
impl HtmlSafe for ChoiceField {}

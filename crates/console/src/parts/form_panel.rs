//! A form in a panel of its own: what it is for, its fields, and one button.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::parts::choice_field::ChoiceField;
use crate::parts::text_field::TextField;

/// The form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "parts/form_panel.html")]
pub struct FormPanel {
    /// The id of the form; that of its heading is made of it.
    pub id: Cow<'static, str>,
    /// What it is called.
    pub title: Cow<'static, str>,
    /// What to know about it.
    pub hint: Option<Cow<'static, str>>,
    /// Where it is sent.
    pub action: String,
    /// The hidden field `csrf`; a form without one only looks for something and is sent with GET.
    pub csrf: Option<String>,
    /// The version of the record that it was made of.
    pub version: Option<i64>,
    /// Its fields.
    pub fields: Vec<FormField>,
    /// The id of its button.
    pub button_id: Cow<'static, str>,
    /// What its button says.
    pub button: Cow<'static, str>,
    /// Whether it takes something away that does not come back.
    pub is_danger: bool,
    /// Where the way back leads, for who thinks better of it.
    pub keep_path: Option<String>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormField {
    /// Something is typed.
    Text(TextField),
    /// One of several is chosen.
    Choice(ChoiceField),
    /// A name and a value that go along.
    Hidden(&'static str, String),
    /// What the fields below it are about.
    Heading(&'static str),
}

impl FormPanel {
    fn button_class(&self) -> &'static str {
        match self.csrf {
            _ if self.is_danger => "danger",
            Some(_) => "primary",
            None => "secondary",
        }
    }
}

/// Its template escapes what it is made of.
impl HtmlSafe for FormPanel {}

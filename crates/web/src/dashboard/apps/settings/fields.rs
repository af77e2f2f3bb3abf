//! The fields of the settings, with what seeds 001 and 002 advise about each.

use turnkeep_console::parts::choice_field::{Choice, ChoiceField, ChoiceStyle};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_domain::app::App;
use turnkeep_domain::display_name::DisplayName;

use super::typed::TypedSettings;
use crate::dashboard::form_errors::FormErrors;

/// What was typed, what is wrong with it, and the app that it is about.
pub(super) struct Fields<'a> {
    pub(super) typed: &'a TypedSettings,
    pub(super) errors: &'a FormErrors,
    pub(super) app: &'a App,
    pub(super) is_operator: bool,
}

impl Fields<'_> {
    pub(super) fn name(&self) -> TextField {
        TextField {
            required: true,
            max_length: Some(DisplayName::MAX_LENGTH),
            error: self.errors.of("name"),
            hint: Some("What people call it; no other app of the tenant has this name.".into()),
            ..TextField::line("name", "Name", self.typed.name.clone())
        }
    }

    pub(super) fn allowed_domains(&self) -> Vec<TextField> {
        let field = |(index, text): (usize, &String)| {
            let number = index.saturating_add(1);
            TextField {
                id: format!("allowed-domain-{number}").into(),
                name: format!("allowed_domain_{number}").into(),
                label: format!("Domain {number}").into(),
                value: text.clone(),
                error: self.errors.of(&format!("allowed_domains.{index}")),
                ..TextField::default()
            }
        };
        self.typed.allowed_domains.iter().enumerate().map(field).collect()
    }
}

/// A choice among buttons.
pub(super) fn buttons(
    (id, name, label): (&'static str, &'static str, &'static str),
    chosen: &str,
    choices: Vec<Choice>,
    error: Option<String>,
) -> ChoiceField {
    ChoiceField {
        id: id.into(),
        name: name.into(),
        label: label.into(),
        chosen: chosen.to_owned(),
        choices,
        error,
        style: ChoiceStyle::Buttons,
        ..ChoiceField::default()
    }
}

/// One of them.
pub(super) fn choice(value: &'static str, label: &'static str, hint: &'static str) -> Choice {
    Choice { hint: Some(hint.into()), ..Choice::of(value, label) }
}

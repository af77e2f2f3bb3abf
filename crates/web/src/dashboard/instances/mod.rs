//! The instances of the server, for operators of the default one.

pub(crate) mod first_operator;
pub(crate) mod list;
pub(crate) mod one;
mod way_in;

use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_domain::accent::Accent;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_protocol::form::FormParameters;
use turnkeep_service::tokens::authenticate_bearer::Reach;

use super::dashboard_request::DashboardRequest;
use super::form_errors::FormErrors;
use crate::account::error_page::PageError;
use crate::management::field_errors::FieldErrors;

/// Only for operators of the default instance; for everybody else there is no such page.
fn require_platform(dashboard: &DashboardRequest) -> Result<(), PageError> {
    if dashboard.acting.caller.reach == Reach::Platform { Ok(()) } else { Err(PageError::NotFound) }
}

/// What is typed about the look of an instance.
struct TypedLook {
    name: String,
    accent: String,
}

impl TypedLook {
    fn take(form: &mut FormParameters) -> Self {
        Self { name: form.take("name").unwrap_or_default(), accent: form.take("accent").unwrap_or_default() }
    }

    fn check(&self, errors: &mut FieldErrors) -> Option<(DisplayName, Accent)> {
        let name = errors.check("name", DisplayName::parse(&self.name));
        let accent = Accent::ALL.into_iter().find(|accent| accent.as_str() == self.accent);
        if accent.is_none() {
            errors.note("accent", "is none of the colours");
        }
        name.zip(accent)
    }

    fn fields(self, errors: &FormErrors) -> (TextField, ChoiceField) {
        let name = TextField {
            required: true,
            hint: Some("What people see when they sign in.".into()),
            error: errors.of("name"),
            ..TextField::line("name", "Name", self.name)
        };
        let choice = |accent: Accent| Choice::of(accent.as_str(), accent.as_str());
        let accent = ChoiceField {
            id: "accent".into(),
            name: "accent".into(),
            label: "Colour of its pages".into(),
            chosen: self.accent,
            choices: Accent::ALL.into_iter().map(choice).collect(),
            error: errors.of("accent"),
            ..ChoiceField::default()
        };
        (name, accent)
    }
}

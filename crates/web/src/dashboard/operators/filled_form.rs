//! A form with the texts in its fields and what is wrong with them, so that nobody types anything twice.

use std::str::FromStr;

use actix_web::http::StatusCode;
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::notice::Notice;
use turnkeep_console::parts::text_field::{TextField, TextKind};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::filter::Search;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::patch::Patch;

use super::refusal::Refusal;
use crate::dashboard::form_errors::FormErrors;
use crate::management::field_errors::FieldErrors;

/// The form. Its fields are named as in the management API, where there is one like it.
#[derive(Default)]
pub(super) struct FilledForm {
    texts: Vec<(&'static str, String)>,
    refusal: Option<Refusal>,
}

impl FilledForm {
    /// A form with these texts.
    pub(super) fn of<const N: usize>(texts: [(&'static str, String); N]) -> Self {
        Self { texts: Vec::from(texts), refusal: None }
    }

    /// What was sent in these fields. Spaces around it mean nothing.
    pub(super) fn read(form: &mut FormParameters, names: &[&'static str]) -> Self {
        let mut text = |name: &&'static str| {
            let sent = form.take(name).unwrap_or_default();
            (*name, sent.trim().to_owned())
        };
        Self { texts: names.iter().map(&mut text).collect(), refusal: None }
    }

    /// What a list is filtered by; without a filter, what is wrong stands beside the fields, and the list has to show
    /// nothing.
    pub(super) fn filter_by<T>(self, make: impl FnOnce(&Self, &mut FieldErrors) -> T) -> (Self, Option<T>) {
        let mut errors = FieldErrors::default();
        let made = make(&self, &mut errors);
        match errors.finish_fields(Some(made)) {
            Ok(filter) => (self, Some(filter)),
            Err(errors) => (self.refused(errors.into()), None),
        }
    }

    /// What is looked for in names, if anything is.
    pub(super) fn searched(&self, errors: &mut FieldErrors) -> Option<Search> {
        errors.check_optional("search", self.filled("search"), |text| Search::parse(&text)).flatten()
    }

    /// The same after it was refused.
    pub(super) fn refused(self, refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..self }
    }

    /// The status of the page that shows it.
    pub(super) fn status(&self) -> StatusCode {
        self.refusal.as_ref().map_or(StatusCode::OK, |refusal| refusal.status)
    }

    /// What the page says above it.
    pub(super) fn notice(&self) -> Option<Notice> {
        self.refusal.as_ref().and_then(|refusal| refusal.notice.clone())
    }

    /// What is in a field.
    pub(super) fn text(&self, name: &str) -> String {
        self.filled(name).unwrap_or_default()
    }

    /// What is in a field, if anything is.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        let text = self.texts.iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone());
        text.filter(|text| !text.is_empty())
    }

    /// What is in a field that may not stay empty, as a number.
    pub(super) fn number<T: FromStr>(&self, errors: &mut FieldErrors, name: &str) -> Option<T> {
        errors.check(name, self.text(name).parse().map_err(|_| NO_NUMBER))
    }

    /// The same for one that may.
    pub(super) fn optional_number<T: FromStr>(&self, errors: &mut FieldErrors, name: &str) -> Option<T> {
        errors.check_optional(name, self.filled(name), |text| text.parse().map_err(|_| NO_NUMBER)).flatten()
    }

    /// One of several, by what is sent for it.
    pub(super) fn chosen<T: Copy>(
        &self,
        errors: &mut FieldErrors,
        name: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        errors.one_of(name, self.filled(name).as_deref(), choices).flatten()
    }

    /// What is wrong with a field.
    pub(super) fn error(&self, name: &str) -> Option<String> {
        self.errors().and_then(|errors| errors.of(name))
    }

    fn errors(&self) -> Option<&FormErrors> {
        self.refusal.as_ref().map(|refusal| &refusal.errors)
    }

    /// A field of one line.
    pub(super) fn line(&self, name: &'static str, label: &'static str) -> TextField {
        TextField {
            id: name.replace('_', "-").into(),
            error: self.error(name),
            ..TextField::line(name, label, self.text(name))
        }
    }

    /// A field of one line for what people call something, which has to be called something.
    pub(super) fn display_name(&self, name: &'static str, label: &'static str) -> TextField {
        TextField { required: true, max_length: Some(DisplayName::MAX_LENGTH), ..self.line(name, label) }
    }

    /// The field of what is looked for. Its id is not its name, which is that of the search above every page.
    pub(super) fn search(&self, label: &'static str) -> TextField {
        TextField {
            id: "filter".into(),
            max_length: Some(DisplayName::MAX_LENGTH),
            ..self.line("search", label)
        }
    }

    /// A field for a number.
    pub(super) fn number_field(&self, name: &'static str, label: &'static str) -> TextField {
        TextField { kind: TextKind::Number, max_length: Some(20), ..self.line(name, label) }
    }

    /// A field where one of several is chosen, without hints.
    pub(super) fn choice(
        &self,
        name: &'static str,
        label: &'static str,
        choices: &[(&'static str, &'static str)],
    ) -> ChoiceField {
        let choice = |(value, label): &(&'static str, &'static str)| Choice::of(*value, *label);
        ChoiceField {
            id: name.replace('_', "-").into(),
            name: name.into(),
            label: label.into(),
            chosen: self.text(name),
            choices: choices.iter().map(choice).collect(),
            error: self.error(name),
            ..ChoiceField::default()
        }
    }
}

const NO_NUMBER: &str = "must be a whole number that is not too large";

/// What an empty field sets to its default.
pub(super) fn set_or_clear<T>(value: Option<T>) -> Patch<T> {
    value.map_or(Patch::Clear, Patch::Set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_what_was_typed_and_numbers_are_read() {
        let mut sent = FormParameters::parse(b"name=+Ada+&limit=7&most=x&other=1").unwrap();
        let filled = FilledForm::read(&mut sent, &["name", "limit", "most", "none"]);
        let mut errors = FieldErrors::default();
        assert_eq!(filled.text("name"), "Ada");
        assert_eq!(filled.filled("other"), None);
        assert_eq!(filled.number::<u32>(&mut errors, "limit"), Some(7));
        assert_eq!(filled.optional_number::<u32>(&mut errors, "none"), None);
        assert_eq!(filled.number::<u32>(&mut errors, "none"), None);
        assert_eq!(filled.optional_number::<u32>(&mut errors, "most"), None);
        let refused = errors.finish_fields(Some(())).unwrap_err();
        let blamed: Vec<_> = refused.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(blamed, ["none", "most"]);
        let filled = filled.refused(refused.into());
        assert_eq!(filled.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            filled.number_field("most", "Most").error.is_some()
                && filled.line("name", "Name").error.is_none()
        );
    }
}

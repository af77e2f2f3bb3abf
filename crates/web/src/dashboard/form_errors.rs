//! What is wrong with a form, each beside its field.

use turnkeep_protocol::problem::FieldError;
use turnkeep_service::registry::denial::RegistryDenial;

use super::denial::sentence;
use crate::error::registry_denial::fields_of;

/// What is wrong, field by field.
#[derive(Debug, Clone, Default)]
pub(crate) struct FormErrors(Vec<FieldError>);

impl FormErrors {
    /// What a refusal says about fields.
    pub(crate) fn of_denial(denial: &RegistryDenial) -> Self {
        Self(fields_of(denial))
    }

    /// These and others.
    pub(crate) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Whether no field is to blame.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with a field as a whole, and not with a part of it that has a place of its own.
    pub(crate) fn of_itself(&self, field: &str) -> Option<String> {
        let about = self.0.iter().filter(|error| error.field == field);
        joined(about.map(|error| sentence(&error.message)))
    }

    /// What is wrong with a field of several lines, and in which: `login_redirect_uris.1` is in line 2.
    pub(crate) fn of_lines(&self, field: &str) -> Option<String> {
        let line_of = |error: &FieldError| -> Option<u64> {
            error.field.strip_prefix(field)?.strip_prefix('.')?.parse().ok()
        };
        let in_lines = self.0.iter().filter_map(|error| {
            line_of(error)
                .map(|line| format!("Line {}: {}", line.saturating_add(1), sentence(&error.message)))
        });
        joined(self.of_itself(field).into_iter().chain(in_lines))
    }

    /// What is wrong with a field, or with a part of it: `allowed_domains` finds `allowed_domains.1`, too.
    pub(crate) fn of(&self, field: &str) -> Option<String> {
        let is_part = |rest: &str| rest.is_empty() || rest.starts_with('.');
        let about = |error: &&FieldError| error.field.strip_prefix(field).is_some_and(is_part);
        joined(self.0.iter().filter(about).map(|error| sentence(&error.message)))
    }
}

fn joined(sentences: impl Iterator<Item = String>) -> Option<String> {
    let sentences: Vec<_> = sentences.collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

impl From<Vec<FieldError>> for FormErrors {
    fn from(errors: Vec<FieldError>) -> Self {
        Self(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_found_at_its_field_and_at_what_the_field_is_part_of() {
        let errors = FormErrors::from(vec![
            FieldError::new("allowed_domains.1", &"a wildcard is no domain"),
            FieldError::new("name", &"this is taken"),
        ]);
        for (field, expected) in [
            ("allowed_domains.1", Some("A wildcard is no domain.")),
            ("allowed_domains", Some("A wildcard is no domain.")),
            ("allowed_domains.0", None),
            ("allowed", None),
            ("name", Some("This is taken.")),
        ] {
            assert_eq!(errors.of(field).as_deref(), expected, "{field}");
        }
        assert_eq!(errors.of_itself("allowed_domains"), None);
        assert_eq!(errors.of_itself("name").as_deref(), Some("This is taken."));
    }

    #[test]
    fn errors_of_lines_say_in_which_line_they_are() {
        let errors = FormErrors::from(vec![
            FieldError::new("uris.1", &"must use https"),
            FieldError::new("uris", &"too many"),
            FieldError::new("uris_too.3", &"other"),
        ]);
        assert_eq!(errors.of_lines("uris").as_deref(), Some("Too many. Line 2: Must use https."));
        assert_eq!(errors.of_lines("other"), None);
    }
}

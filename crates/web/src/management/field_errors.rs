//! Turns the texts of a request into domain types and collects everything that is wrong with them, so that a
//! caller hears of all of it at once.

use std::fmt::Display;

use turnkeep_protocol::patch::Patch;
use turnkeep_protocol::problem::FieldError;

use crate::error::api_error::ApiError;

/// What is wrong so far.
#[derive(Default)]
pub(crate) struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// A checked value; `None` if it is refused, which is noted.
    pub(crate) fn check<T, E: Display>(&mut self, field: &str, checked: Result<T, E>) -> Option<T> {
        checked.map_err(|error| self.0.push(FieldError::new(field, &error))).ok()
    }

    /// A value that may be absent: `Some(None)` then.
    pub(crate) fn check_optional<T, U, E: Display>(
        &mut self,
        field: &str,
        value: Option<T>,
        check: impl FnOnce(T) -> Result<U, E>,
    ) -> Option<Option<U>> {
        match value {
            Some(value) => self.check(field, check(value)).map(Some),
            None => Some(None),
        }
    }

    /// A text that has to be one of these, if it is there.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        field: &str,
        text: Option<&str>,
        choices: &[(&str, T)],
    ) -> Option<Option<T>> {
        self.check_optional(field, text, |text| {
            let chosen = choices.iter().find(|(name, _)| *name == text);
            chosen.map(|(_, choice)| *choice).ok_or("is none of the possible values")
        })
    }

    /// A member of a PATCH that cannot be cleared.
    pub(crate) fn check_patch<T, U, E: Display>(
        &mut self,
        field: &str,
        patch: Patch<T>,
        check: impl FnOnce(T) -> Result<U, E>,
    ) -> Option<Option<U>> {
        match patch {
            Patch::Absent => Some(None),
            Patch::Clear => {
                self.note(field, "must not be null");
                None
            }
            Patch::Set(value) => self.check(field, check(value)).map(Some),
        }
    }

    /// A member of a PATCH that `null` sets to a default.
    pub(crate) fn check_clearable<T, U, E: Display>(
        &mut self,
        field: &str,
        patch: Patch<T>,
        cleared: U,
        check: impl FnOnce(T) -> Result<U, E>,
    ) -> Option<Option<U>> {
        match patch {
            Patch::Absent => Some(None),
            Patch::Clear => Some(Some(cleared)),
            Patch::Set(value) => self.check(field, check(value)).map(Some),
        }
    }

    /// Notes that a field breaks a rule.
    pub(crate) fn note(&mut self, field: &str, message: &str) {
        self.0.push(FieldError::new(field, &message));
    }

    /// What was made of the values, unless one of them was refused.
    pub(crate) fn finish<T>(self, made: Option<T>) -> Result<T, ApiError> {
        self.finish_fields(made).map_err(ApiError::InvalidFields)
    }

    /// The same for who shows what is wrong beside the fields.
    pub(crate) fn finish_fields<T>(self, made: Option<T>) -> Result<T, Vec<FieldError>> {
        match made {
            Some(made) if self.0.is_empty() => Ok(made),
            Some(_) | None => Err(self.0),
        }
    }
}

/// For values that are right as they are.
pub(crate) fn accept<T, U: From<T>>(value: T) -> Result<U, std::convert::Infallible> {
    Ok(value.into())
}

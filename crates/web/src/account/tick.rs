//! A box that has to be ticked, where the press of one button would stop more than somebody may think of, or take away
//! what nobody brings back.

use turnkeep_console::parts::tick_field::TickField;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::problem::FieldError;

use crate::dashboard::form_errors::FormErrors;

/// The box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tick {
    /// Its name in the form.
    pub(crate) name: &'static str,
    /// What ticking it says.
    pub(crate) label: &'static str,
    /// The id of the words on the page that say what happens then.
    pub(crate) warning_id: &'static str,
}

impl Tick {
    /// Whether it was ticked, or else what is wrong.
    pub(crate) fn check(self, form: &mut FormParameters) -> Result<(), FormErrors> {
        if form.take(self.name).as_deref() == Some("on") {
            return Ok(());
        }
        let error = "tick this to show that you mean it: nothing was changed";
        Err(vec![FieldError::new(self.name, &error)].into())
    }

    /// The box on its page, with what is wrong beside it.
    pub(crate) fn field(self, errors: &FormErrors) -> TickField {
        TickField {
            id: self.name.replace('_', "-").into(),
            name: self.name.into(),
            label: self.label.into(),
            warning_id: self.warning_id.into(),
            error: errors.of(self.name),
        }
    }

    /// The same in a form of which the page has one for each of several things: this one has this place among them.
    pub(crate) fn field_at(self, place: usize, errors: Option<&FormErrors>) -> TickField {
        let field = self.field(errors.unwrap_or(&FormErrors::default()));
        TickField {
            id: format!("{}-{place}", field.id).into(),
            warning_id: format!("{}-{place}", field.warning_id).into(),
            ..field
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_box_that_was_ticked_counts_and_another_says_so_beside_itself() {
        let tick = Tick { name: "all_stops", label: "All stops.", warning_id: "warning" };
        let sent = |form: &str| tick.check(&mut FormParameters::parse(form.as_bytes()).unwrap());
        assert!(sent("csrf=x&all_stops=on").is_ok());
        for form in ["", "all_stops=", "all_stops=off", "all_starts=on"] {
            let field = tick.field(&sent(form).unwrap_err());
            assert_eq!(field.id, "all-stops");
            let said = field.error.as_deref();
            assert_eq!(said, Some("Tick this to show that you mean it: nothing was changed."), "{form}");
        }
    }

    #[test]
    fn boxes_of_one_kind_are_told_apart_by_their_places() {
        let tick = Tick { name: "all_stops", label: "All stops.", warning_id: "warning" };
        let errors = tick.check(&mut FormParameters::parse(b"").unwrap()).unwrap_err();
        for (place, errors) in [(1, None), (2, Some(&errors))] {
            let field = tick.field_at(place, errors);
            assert_eq!((&*field.id, &*field.name), (&*format!("all-stops-{place}"), "all_stops"));
            assert_eq!(field.warning_id, format!("warning-{place}"));
            assert_eq!(field.error.is_some(), errors.is_some());
        }
    }
}

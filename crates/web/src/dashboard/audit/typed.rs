//! What somebody looks for in the trail, as it was typed: in the query, in the form, and in the links that keep it.

use std::time::Duration;

use turnkeep_console::dashboard::audit::AuditFilterForm;
use turnkeep_console::parts::choice_field::{Choice, ChoiceField, ChoiceStyle};
use turnkeep_console::parts::text_field::{TextField, TextKind};
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::TenantId;
use turnkeep_domain::time::Timestamp;
use turnkeep_protocol::authorization_response::with_parameters;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::problem::FieldError;
use turnkeep_protocol::rfc3339::parse_rfc3339;

use crate::dashboard::form_errors::FormErrors;
use crate::management::audit::filter::checked;
use crate::management::field_errors::FieldErrors;

const A_DAY: Duration = Duration::from_secs(86_400);

/// The fields that are typed, with their labels and what to know about them.
const FIELDS: [(&str, &str, TextKind, Option<&str>); 7] = [
    ("action", "Action", TextKind::Line, Some("Such as app.disable or member.set.")),
    (
        "actor",
        "Who",
        TextKind::Line,
        Some("The id of a person or app, or system, command-line or anonymous."),
    ),
    ("object", "About", TextKind::Line, Some("The id of the record, such as that of an app.")),
    ("code", "Refused with", TextKind::Line, Some("The code of a refusal, such as forbidden.")),
    ("request_id", "Request", TextKind::Line, None),
    ("from", "From", TextKind::Day, None),
    ("to", "To", TextKind::Day, Some("Days are those of UTC, and this one is included.")),
];

/// Done or refused.
const OUTCOME: &str = "outcome";

/// The texts by their names; what is empty is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedFilter(Vec<(&'static str, String)>);

impl TypedFilter {
    /// Takes them out of a query.
    pub(super) fn taken_from(query: &mut FormParameters) -> Self {
        let names = FIELDS.iter().map(|(name, ..)| *name).chain([OUTCOME]);
        Self(names.filter_map(|name| Some((name, query.take(name)?))).collect())
    }

    /// One that only says this.
    pub(super) fn only(name: &'static str, text: &str) -> Self {
        Self(vec![(name, text.to_owned())])
    }

    /// A path with all of them, and a position to go on after.
    pub(super) fn on(&self, path: &str, after: Option<u64>) -> String {
        let after = after.map(|position| position.to_string());
        let typed = self.0.iter().map(|(name, text)| (*name, text.as_str()));
        with_parameters(path, typed.chain(after.as_deref().map(|position| ("after", position))))
    }

    /// The filter that they mean.
    pub(super) fn filter(&self, tenant_id: Option<TenantId>) -> Result<AuditFilter, Vec<FieldError>> {
        let mut errors = FieldErrors::default();
        let filter = checked(&mut errors, |name| self.text(name));
        let from = errors.check_optional("from", self.text("from"), beginning_of);
        let to = errors.check_optional("to", self.text("to"), end_of);
        let ((filter, from), to) = errors.finish_fields(filter.zip(from).zip(to))?;
        Ok(AuditFilter { tenant_id, from, to, ..filter })
    }

    /// The form with what was typed and what is wrong with it.
    pub(super) fn form(&self, errors: &FormErrors) -> AuditFilterForm {
        AuditFilterForm {
            fields: FIELDS.iter().map(|field| self.field(*field, errors)).collect(),
            outcome: ChoiceField {
                id: OUTCOME.into(),
                name: OUTCOME.into(),
                label: "Outcome".into(),
                chosen: self.text(OUTCOME).unwrap_or_default().to_owned(),
                choices: [("", "Done or refused"), ("done", "Done"), ("refused", "Refused")]
                    .map(choice)
                    .to_vec(),
                hint: None,
                error: errors.of(OUTCOME),
                style: ChoiceStyle::List,
            },
            is_used: !self.0.is_empty(),
        }
    }

    fn field(
        &self,
        (name, label, kind, hint): (&'static str, &'static str, TextKind, Option<&'static str>),
        errors: &FormErrors,
    ) -> TextField {
        TextField {
            id: name.replace('_', "-").into(),
            kind,
            hint: hint.map(Into::into),
            error: errors.of(name),
            ..TextField::line(name, label, self.text(name).unwrap_or_default().to_owned())
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_str())
    }
}

fn choice((value, label): (&'static str, &'static str)) -> Choice {
    Choice::of(value, label)
}

/// The first moment of a day.
fn beginning_of(day: &str) -> Result<Timestamp, &'static str> {
    parse_rfc3339(&format!("{day}T00:00:00Z")).map_err(|_| "must be a day such as 2026-11-22")
}

/// The first moment after a day.
fn end_of(day: &str) -> Result<Timestamp, &'static str> {
    beginning_of(day).map(|beginning| beginning.plus(A_DAY))
}

#[cfg(test)]
mod tests {
    use turnkeep_protocol::rfc3339::format_utc;

    use super::*;

    fn typed(query: &str) -> TypedFilter {
        TypedFilter::taken_from(&mut FormParameters::parse(query.as_bytes()).unwrap())
    }

    #[test]
    fn days_include_their_last_moment() {
        let filter = typed("from=2026-11-20&to=2026-11-22").filter(None).unwrap();
        assert_eq!(filter.from.map(format_utc).as_deref(), Some("2026-11-20T00:00:00Z"));
        assert_eq!(filter.to.map(format_utc).as_deref(), Some("2026-11-23T00:00:00Z"));
    }

    #[test]
    fn what_is_wrong_is_said_beside_its_field() {
        let query = "action=a%20b&actor=root&outcome=perhaps&from=yesterday&to=2026-02-30&request_id=1";
        let errors = typed(query).filter(None).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["action", "actor", "outcome", "request_id", "from", "to"]);
    }

    #[test]
    fn links_keep_what_is_looked_for_as_it_is() {
        let typed = typed("action=a%26after%3D1%2B%23&object=&outcome=refused&unknown=x");
        assert_eq!(typed.on("/audit", Some(7)), "/audit?action=a%26after%3D1%2B%23&outcome=refused&after=7");
        assert_eq!(super::TypedFilter(Vec::new()).on("/audit", None), "/audit");
    }
}

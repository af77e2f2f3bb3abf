//! The fields of a plan: what it allows, as texts and as the request that they make.

use turnkeep_console::parts::choice_field::{Choice, ChoiceField, ChoiceStyle};
use turnkeep_console::parts::form_panel::FormField;
use turnkeep_console::parts::text_field::{TextField, TextKind};
use turnkeep_domain::plan::Plan;
use turnkeep_protocol::management::plan::{
    DocumentUnitsFields, PlanLimitsFields, QuotaModeName, TokenRequestsFields,
};

use super::features::{features_of, lines_of};
use crate::dashboard::operators::filled_form::FilledForm;
use crate::dashboard::word_of::word_of;
use crate::management::field_errors::FieldErrors;

/// The names of the fields that a new plan and a present one have.
pub(super) const NAMES: [&str; 13] = [
    "code",
    "name",
    "price",
    "units_hour",
    "units_day",
    "units_week",
    "units_month",
    "requests_per_minute",
    "tokens_minute",
    "tokens_hour",
    "tokens_day",
    "mode",
    "features",
];

const MODES: [(&str, QuotaModeName); 2] =
    [("enforce", QuotaModeName::Enforce), ("dry_run", QuotaModeName::DryRun)];

/// The fields of a plan as it is.
pub(super) fn as_it_is(plan: &Plan) -> FilledForm {
    let limits = PlanLimitsFields::from(&plan.limits);
    let tokens = TokenRequestsFields::from(&plan.token_requests);
    let units = limits.document_units;
    FilledForm::of([
        ("name", plan.name.to_string()),
        ("units_hour", text(units.hour)),
        ("units_day", text(units.day)),
        ("units_week", text(units.week)),
        ("units_month", text(units.month)),
        ("requests_per_minute", text(limits.requests_per_minute)),
        ("tokens_minute", text(tokens.minute)),
        ("tokens_hour", text(tokens.hour)),
        ("tokens_day", text(tokens.day)),
        ("mode", word_of(&MODES, tokens.mode)),
        ("features", lines_of(&limits.features)),
    ])
}

fn text(number: Option<impl ToString>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// What it allows, by what was typed.
pub(super) fn limits(errors: &mut FieldErrors, filled: &FilledForm) -> PlanLimitsFields {
    PlanLimitsFields {
        document_units: DocumentUnitsFields {
            hour: filled.optional_number(errors, "units_hour"),
            day: filled.optional_number(errors, "units_day"),
            week: filled.optional_number(errors, "units_week"),
            month: filled.optional_number(errors, "units_month"),
        },
        requests_per_minute: filled.optional_number(errors, "requests_per_minute"),
        features: features_of(errors, &filled.text("features")),
    }
}

/// How many tokens an app may ask for, by what was typed.
pub(super) fn token_requests(errors: &mut FieldErrors, filled: &FilledForm) -> TokenRequestsFields {
    TokenRequestsFields {
        minute: filled.optional_number(errors, "tokens_minute"),
        hour: filled.optional_number(errors, "tokens_hour"),
        day: filled.optional_number(errors, "tokens_day"),
        mode: filled.chosen(errors, "mode", &MODES).unwrap_or(QuotaModeName::Enforce),
    }
}

/// The field of the name.
pub(super) fn name(filled: &FilledForm) -> FormField {
    FormField::Text(filled.display_name("name", "Name"))
}

/// The fields of the limits. What is wrong with several windows together stands beside the first of them.
pub(super) fn of_limits(filled: &FilledForm) -> Vec<FormField> {
    let number = |name, label| FormField::Text(filled.number_field(name, label));
    vec![
        FormField::Heading("Document Units; an empty window has no limit"),
        FormField::Text(first(filled, ("units_hour", "Per hour"), "limits.document_units")),
        number("units_day", "Per day"),
        number("units_week", "Per week"),
        number("units_month", "Per month"),
        FormField::Heading("Calls of the API"),
        number("requests_per_minute", "Requests per minute"),
        FormField::Heading("Tokens that an app may ask for; an empty window has no limit"),
        FormField::Text(first(filled, ("tokens_minute", "Tokens per minute"), "token_requests")),
        number("tokens_hour", "Tokens per hour"),
        number("tokens_day", "Tokens per day"),
        FormField::Choice(mode(filled)),
        FormField::Heading("Features"),
        FormField::Text(TextField {
            kind: TextKind::Lines,
            error: filled.error("limits.features"),
            hint: Some(
                "One per line: name = value. A value is true, false, a whole number or a text.".into(),
            ),
            ..filled.line("features", "Features")
        }),
    ]
}

fn first(filled: &FilledForm, (name, label): (&'static str, &'static str), all: &str) -> TextField {
    let field = filled.number_field(name, label);
    TextField { error: field.error.clone().or_else(|| filled.error(all)), ..field }
}

fn mode(filled: &FilledForm) -> ChoiceField {
    let choice = |value: &'static str, label: &'static str, hint: &'static str| Choice {
        hint: Some(hint.into()),
        ..Choice::of(value, label)
    };
    ChoiceField {
        choices: vec![
            choice(
                "enforce",
                "Refuse what is too much",
                "An app over its limit gets no token until the window ends.",
            ),
            choice(
                "dry_run",
                "Only count",
                "For trying limits out: what would be refused is counted and let through.",
            ),
        ],
        style: ChoiceStyle::Buttons,
        ..filled.choice("mode", "When an app asks for more tokens", &[])
    }
}

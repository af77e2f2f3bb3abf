//! What was typed into the form that makes a service access token.

use turnkeep_console::dashboard::reference_tokens::{ScopeTick, ServiceTokenForm};
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::AppId;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::management::reference_token::{MakeReferenceTokenRequest, ReferenceTokenKindName};
use turnkeep_service::reference_tokens::make_reference_token::MakeReferenceTokenCommand;

use crate::dashboard::form_errors::FormErrors;
use crate::management::field_errors::FieldErrors;
use crate::management::reference_tokens::make::command_of;

/// What the names of the fields for scopes begin with, so that no parameter comes twice.
const SCOPE_FIELD: &str = "scope:";

/// How long a token can live: days, and what that is called. The first is the usual one.
const LIFETIMES: [(&str, &str); 5] =
    [("90", "90 days"), ("7", "7 days"), ("30", "30 days"), ("180", "180 days"), ("366", "a year")];

/// The form as it was filled in.
#[derive(Debug, Default)]
pub(super) struct TypedToken {
    name: String,
    scopes: Vec<String>,
    days: String,
}

impl TypedToken {
    /// Reads what was sent; of the scopes, those that the app has.
    pub(super) fn read(form: &mut FormParameters, scopes: &ScopeSet) -> Self {
        let mut is_ticked = |scope: &str| form.take(&format!("{SCOPE_FIELD}{scope}")).is_some();
        let ticked = scopes.iter().filter(|scope| is_ticked(scope.as_str()));
        let scopes = ticked.map(ToString::to_string).collect();
        let mut text = |name| form.take(name).unwrap_or_default();
        Self { name: text("name"), scopes, days: text("lifetime_days") }
    }

    /// What is asked for, or what is wrong with it.
    pub(super) fn command(&self, app_id: AppId) -> Result<MakeReferenceTokenCommand, FormErrors> {
        let mut errors = FieldErrors::default();
        if self.scopes.is_empty() {
            errors.note("scopes", "tick at least one: a token that may do nothing is of no use");
        }
        let request = MakeReferenceTokenRequest {
            kind: ReferenceTokenKindName::Service,
            name: self.name.clone(),
            scopes: self.scopes.join(" "),
            audience: None,
            // What is no number is no lifetime either.
            lifetime_days: Some(self.days.parse().unwrap_or_default()),
        };
        let command = command_of(&mut errors, app_id, request);
        errors.finish_fields(command).map_err(FormErrors::from)
    }

    /// The form, with what is wrong beside its fields.
    pub(super) fn form(&self, action: String, scopes: &ScopeSet, errors: &FormErrors) -> ServiceTokenForm {
        let tick = |scope: String| ScopeTick {
            field: format!("{SCOPE_FIELD}{scope}"),
            is_ticked: self.scopes.contains(&scope),
            scope,
        };
        let choice = |(value, label): (&'static str, &'static str)| Choice::of(value, label);
        ServiceTokenForm {
            action,
            name: TextField {
                id: "token-name".into(),
                hint: Some("What it is for, so that you know which one to revoke.".into()),
                error: errors.of("name"),
                required: true,
                max_length: Some(DisplayName::MAX_LENGTH),
                ..TextField::line("name", "Name of the token", self.name.clone())
            },
            scopes: scopes.iter().map(|scope| tick(scope.to_string())).collect(),
            scopes_error: errors.of("scopes"),
            days: ChoiceField {
                id: "token-days".into(),
                name: "lifetime_days".into(),
                label: "How long it works".into(),
                chosen: self.days.clone(),
                choices: LIFETIMES.map(choice).to_vec(),
                error: errors.of("lifetime_days"),
                ..ChoiceField::default()
            },
        }
    }
}

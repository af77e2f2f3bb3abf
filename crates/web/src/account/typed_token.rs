//! What was typed into a form that makes a reference token: a personal one on the account page, or one for a service in
//! the dashboard.

use std::borrow::Cow;

use turnkeep_console::dashboard::reference_tokens::ScopeTick;
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::AppId;
use turnkeep_domain::scope::ScopeName;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::management::reference_token::{MakeReferenceTokenRequest, ReferenceTokenKindName};
use turnkeep_service::reference_tokens::make_reference_token::MakeReferenceTokenCommand;

use crate::dashboard::form_errors::FormErrors;
use crate::management::field_errors::FieldErrors;
use crate::management::reference_tokens::make::command_of;

/// What the names of the fields for scopes begin with: a ticked scope `orders.read` is sent as `scope:orders.read=on`, so
/// that no parameter comes twice.
const SCOPE_FIELD: &str = "scope:";

/// How long a token can live: days, and what that is called. The first is the usual one.
pub(crate) type Lifetimes = [(&'static str, &'static str)];

/// The form as it was filled in.
#[derive(Debug, Default)]
pub(crate) struct TypedToken {
    name: String,
    scopes: Vec<String>,
    days: String,
}

impl TypedToken {
    /// Reads what was sent, the lifetime in the field of this name; of the scopes, those that are offered.
    pub(crate) fn read<'a>(
        form: &mut FormParameters,
        days_field: &str,
        offered: impl IntoIterator<Item = &'a ScopeName>,
    ) -> Self {
        let mut is_ticked = |scope: &str| form.take(&format!("{SCOPE_FIELD}{scope}")).is_some();
        let ticked = offered.into_iter().filter(|scope| is_ticked(scope.as_str()));
        let scopes = ticked.map(ToString::to_string).collect();
        let mut text = |name| form.take(name).unwrap_or_default();
        Self { name: text("name"), scopes, days: text(days_field) }
    }

    /// What is asked for, or what is wrong with it. Where nothing is offered, nothing could be ticked.
    pub(crate) fn command(
        &self,
        app_id: AppId,
        kind: ReferenceTokenKindName,
        is_offered: bool,
    ) -> Result<MakeReferenceTokenCommand, FormErrors> {
        let mut errors = FieldErrors::default();
        if is_offered && self.scopes.is_empty() {
            errors.note("scopes", "tick at least one: a token that may do nothing is of no use");
        }
        let request = MakeReferenceTokenRequest {
            kind,
            name: self.name.clone(),
            scopes: self.scopes.join(" "),
            audience: None,
            // What is no number is no lifetime either.
            lifetime_days: Some(self.days.parse().unwrap_or_default()),
        };
        let command = command_of(&mut errors, app_id, request);
        errors.finish_fields(command).map_err(FormErrors::from)
    }

    /// The field for the name, with what is wrong beside it.
    pub(crate) fn name_field(&self, id: Cow<'static, str>, error: Option<String>) -> TextField {
        TextField {
            id,
            hint: Some("What it is for, so that you know which one to revoke.".into()),
            error,
            required: true,
            max_length: Some(DisplayName::MAX_LENGTH),
            ..TextField::line("name", "Name of the token", self.name.clone())
        }
    }

    /// The boxes for the scopes that are offered.
    pub(crate) fn scope_ticks<'a>(&self, offered: impl IntoIterator<Item = &'a ScopeName>) -> Vec<ScopeTick> {
        let tick = |scope: String| ScopeTick {
            field: format!("{SCOPE_FIELD}{scope}"),
            is_ticked: self.scopes.contains(&scope),
            scope,
        };
        offered.into_iter().map(|scope| tick(scope.to_string())).collect()
    }

    /// The field for the lifetime, with what is wrong beside it.
    pub(crate) fn days_field(
        &self,
        id: Cow<'static, str>,
        name: &'static str,
        lifetimes: &Lifetimes,
        error: Option<String>,
    ) -> ChoiceField {
        ChoiceField {
            id,
            name: name.into(),
            label: "How long it works".into(),
            chosen: self.days.clone(),
            choices: lifetimes.iter().map(|(value, label)| Choice::of(*value, *label)).collect(),
            error,
            ..ChoiceField::default()
        }
    }
}

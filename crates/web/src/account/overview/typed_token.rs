//! What was typed into the form that makes a personal access token.

use std::borrow::Cow;

use turnkeep_console::account::token::TokenApp;
use turnkeep_console::dashboard::reference_tokens::ScopeTick;
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::parts::text_field::TextField;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::AppId;
use turnkeep_domain::scope::ScopeName;
use turnkeep_protocol::form::FormParameters;
use turnkeep_protocol::management::reference_token::{MakeReferenceTokenRequest, ReferenceTokenKindName};
use turnkeep_service::reference_tokens::list_token_apps::TokenAppView;
use turnkeep_service::reference_tokens::make_reference_token::MakeReferenceTokenCommand;

use crate::dashboard::form_errors::FormErrors;
use crate::management::field_errors::FieldErrors;
use crate::management::reference_tokens::make::command_of;

/// What the names of the fields for scopes begin with: a ticked scope `orders.read` is sent as `scope:orders.read=on`, so
/// that no parameter comes twice.
const SCOPE_FIELD: &str = "scope:";

/// For how many days a token can be made. Any up to 366 would be taken. The first is the usual one.
const LIFETIMES: [(&str, &str); 4] =
    [("30", "30 days"), ("7", "7 days"), ("90", "90 days"), ("366", "366 days")];

/// The form as it was filled in.
#[derive(Debug, Default)]
pub(super) struct TypedToken {
    name: String,
    scopes: Vec<String>,
    days: String,
}

impl TypedToken {
    /// Reads what was sent; of the scopes, those that are offered.
    pub(super) fn read(form: &mut FormParameters, offered: &[ScopeName]) -> Self {
        let mut is_ticked = |scope: &str| form.take(&format!("{SCOPE_FIELD}{scope}")).is_some();
        let ticked = offered.iter().filter(|scope| is_ticked(scope.as_str()));
        let scopes = ticked.map(ToString::to_string).collect();
        let mut text = |name| form.take(name).unwrap_or_default();
        Self { name: text("name"), scopes, days: text("days") }
    }

    /// What is asked for, or what is wrong with it. Of an app that is not offered nothing could be ticked.
    pub(super) fn command(
        &self,
        app_id: AppId,
        is_offered: bool,
    ) -> Result<MakeReferenceTokenCommand, FormErrors> {
        let mut errors = FieldErrors::default();
        if is_offered && self.scopes.is_empty() {
            errors.note("scopes", "tick at least one: a token that may do nothing is of no use");
        }
        let request = MakeReferenceTokenRequest {
            kind: ReferenceTokenKindName::Personal,
            name: self.name.clone(),
            scopes: self.scopes.join(" "),
            audience: None,
            // What is no number is no lifetime either.
            lifetime_days: Some(self.days.parse().unwrap_or_default()),
        };
        let command = command_of(&mut errors, app_id, request);
        errors.finish_fields(command).map_err(FormErrors::from)
    }

    /// The form for the app that has this place among those that are offered, with what is wrong beside its fields.
    pub(super) fn form(&self, app: &TokenAppView, place: usize, errors: Option<&FormErrors>) -> TokenApp {
        let error = |field| errors.and_then(|errors| errors.of(field));
        let id = |name: &str| Cow::Owned(format!("{name}-{place}"));
        let tick = |scope: String| ScopeTick {
            field: format!("{SCOPE_FIELD}{scope}"),
            is_ticked: self.scopes.contains(&scope),
            scope,
        };
        let choice = |(value, label): (&'static str, &'static str)| Choice::of(value, label);
        TokenApp {
            id: app.app_id.to_string(),
            name: app.app_name.to_string(),
            tenant_name: app.tenant_name.to_string(),
            is_open: errors.is_some(),
            token_name: TextField {
                id: id("token-name"),
                hint: Some("What it is for, so that you know which one to revoke.".into()),
                error: error("name"),
                required: true,
                max_length: Some(DisplayName::MAX_LENGTH),
                ..TextField::line("name", "Name of the token", self.name.clone())
            },
            scopes: app.scopes.iter().map(|scope| tick(scope.to_string())).collect(),
            // There is no field for the resource: it is that of what was ticked.
            scopes_error: error("scopes").or_else(|| {
                error("audience")
                    .map(|_| "Tick only what belongs together: a token is for one resource.".to_owned())
            }),
            days: ChoiceField {
                id: id("token-days"),
                name: "days".into(),
                label: "How long it works".into(),
                chosen: self.days.clone(),
                choices: LIFETIMES.map(choice).to_vec(),
                error: error("lifetime_days"),
                ..ChoiceField::default()
            },
        }
    }
}

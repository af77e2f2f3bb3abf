//! The form that makes a personal access token, for one app.

use std::borrow::Cow;

use turnkeep_console::account::token::TokenApp;
use turnkeep_service::reference_tokens::list_token_apps::TokenAppView;

use crate::account::typed_token::{Lifetimes, TypedToken};
use crate::dashboard::form_errors::FormErrors;

/// The name of the field for the lifetime.
pub(super) const DAYS_FIELD: &str = "days";

/// Any up to 366 days would be taken.
const LIFETIMES: &Lifetimes = &[("30", "30 days"), ("7", "7 days"), ("90", "90 days"), ("366", "366 days")];

/// The form for the app that has this place among those that are offered, with what is wrong beside its fields.
pub(super) fn token_form(
    typed: &TypedToken,
    app: &TokenAppView,
    place: usize,
    errors: Option<&FormErrors>,
) -> TokenApp {
    let error = |field| errors.and_then(|errors| errors.of(field));
    let id = |name: &str| Cow::Owned(format!("{name}-{place}"));
    TokenApp {
        id: app.app_id.to_string(),
        name: app.app_name.to_string(),
        tenant_name: app.tenant_name.to_string(),
        is_open: errors.is_some(),
        token_name: typed.name_field(id("token-name"), error("name")),
        scopes: typed.scope_ticks(&app.scopes),
        // There is no field for the resource: it is that of what was ticked.
        scopes_error: error("scopes").or_else(|| {
            error("audience")
                .map(|_| "Tick only what belongs together: a token is for one resource.".to_owned())
        }),
        days: typed.days_field(id("token-days"), DAYS_FIELD, LIFETIMES, error("lifetime_days")),
    }
}

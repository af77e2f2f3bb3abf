//! The form that makes a service access token.

use turnkeep_console::dashboard::reference_tokens::ServiceTokenForm;
use turnkeep_domain::scope::ScopeSet;

use crate::account::typed_token::{Lifetimes, TypedToken};
use crate::dashboard::form_errors::FormErrors;

/// The name of the field for the lifetime.
pub(super) const DAYS_FIELD: &str = "lifetime_days";

const LIFETIMES: &Lifetimes =
    &[("90", "90 days"), ("7", "7 days"), ("30", "30 days"), ("180", "180 days"), ("366", "a year")];

/// The form, with what is wrong beside its fields.
pub(super) fn token_form(
    typed: &TypedToken,
    action: String,
    scopes: &ScopeSet,
    errors: &FormErrors,
) -> ServiceTokenForm {
    ServiceTokenForm {
        action,
        name: typed.name_field("token-name".into(), errors.of("name")),
        scopes: typed.scope_ticks(scopes.iter()),
        scopes_error: errors.of("scopes"),
        days: typed.days_field("token-days".into(), DAYS_FIELD, LIFETIMES, errors.of("lifetime_days")),
    }
}

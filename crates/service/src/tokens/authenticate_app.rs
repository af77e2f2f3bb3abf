//! Who is the app behind an access token, for what an app does as itself and not as a caller of the registry. It
//! reaches no record by this.

use turnkeep_domain::app::App;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::slug::Slug;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::snapshot::look_up::LookUp;
use crate::tokens::authenticate_bearer::{BearerDenial, Caller, MANAGEMENT_AUDIENCE, METER_SCOPE, Reach};
use crate::tokens::check_issued_token::current_token;

/// As what an app presents its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppRole {
    /// As itself: any token of the addressed instance will do.
    Itself,
    /// As a meter of what others use: a token for the management API with [`METER_SCOPE`].
    Meter,
}

/// Accepts an access token of the addressed instance that still counts.
pub fn authenticate_app(
    authority: &Authority,
    instance: &Slug,
    token: &str,
    role: AppRole,
    look_up: LookUp,
) -> Result<Caller, Failure<BearerDenial>> {
    let audience = (role == AppRole::Meter).then_some(MANAGEMENT_AUDIENCE);
    let found = current_token(authority, instance, token, audience, look_up)?;
    let found = found.filter(|(token, _)| token.person.is_none());
    let (token, app) = found.ok_or(Failure::Denied(BearerDenial::InvalidToken))?;
    let may_meter = || token.scopes.iter().any(|scope| scope.as_str() == METER_SCOPE);
    match role {
        AppRole::Meter if !may_meter() => Err(Failure::Denied(BearerDenial::InsufficientScope)),
        AppRole::Itself | AppRole::Meter => {
            let App { id, tenant_id, .. } = app.live.app;
            Ok(Caller { tenant_id: Some(tenant_id), ..Caller::new(Actor::App(id), Reach::Nowhere) })
        }
    }
}

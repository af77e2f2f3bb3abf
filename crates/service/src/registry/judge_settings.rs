//! What the attributes of an app have to satisfy, be they those of a new one, changed or imported.

use turnkeep_domain::app::{AppOrigin, AppSettings};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::resource::Scope;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_policy::decide_app_settings::{
    AppSettingsFacts, AppSettingsViolation, AppSettingsWarning, decide_app_settings,
};
use turnkeep_storage::store::Reads;

use crate::failure::Failure;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;

/// Judges the attributes of an app against its instance.
pub(crate) fn judge_settings<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    client_type: ClientType,
    origin: AppOrigin,
    settings: &AppSettings,
    known_scopes: &[Scope],
) -> RegistryResult<Vec<AppSettingsWarning>> {
    let system_user = match settings.service_access {
        ServiceAccess::AsUser(user_id) => reads.find_user(context.instance_id, user_id)?,
        ServiceAccess::Disabled | ServiceAccess::AsApp => None,
    };
    let facts =
        AppSettingsFacts { client_type, origin, settings, system_user: system_user.as_ref(), known_scopes };
    Ok(decide_app_settings(&facts).map_err(RegistryDenial::AppSettings)?)
}

/// What was found wrong, where nothing else went wrong.
pub(crate) fn violations<T>(judged: RegistryResult<T>) -> RegistryResult<Vec<AppSettingsViolation>> {
    match judged {
        Ok(_) => Ok(Vec::new()),
        Err(Failure::Denied(RegistryDenial::AppSettings(violations))) => Ok(violations),
        Err(failure) => Err(failure),
    }
}

/// What is for an operator to say. System users belong to the instance, not to a tenant: which app acts as which is
/// not for the tenant to choose, or its app could take the identity of another's. And nobody lowers the guard of the
/// sign-in of people, who are the instance's, by themselves.
pub(crate) fn check_operators_choices(
    context: &RegistryContext<'_>,
    before: Option<&AppSettings>,
    after: &AppSettings,
) -> RegistryResult<()> {
    let takes_user = match after.service_access {
        ServiceAccess::AsUser(_) => before.map(|before| before.service_access) != Some(after.service_access),
        ServiceAccess::AsApp | ServiceAccess::Disabled => false,
    };
    let lifts_pkce = after.pkce == PkceRequirement::Optional
        && before.is_none_or(|before| before.pkce == PkceRequirement::Required);
    if takes_user || lifts_pkce { context.require_operator() } else { Ok(()) }
}

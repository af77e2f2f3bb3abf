//! Taking back one secret of an app.

use turnkeep_domain::change::ChangeScope;
use turnkeep_domain::id::{AppId, SecretId};

use crate::registry::add_secret::kill_tokens;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;
use crate::registry::recording::{Done, mutate};

/// Revokes a secret. Every token of the app dies with it, as tokens do not tell which secret obtained them; an app
/// with another live secret gets new ones.
pub fn revoke_secret(context: &RegistryContext<'_>, app_id: AppId, id: SecretId) -> RegistryResult<()> {
    context.audited("app.revoke_secret", Some(app_id.to_string()), context.require_write())?;
    mutate(context, "app.revoke_secret", Some(app_id.to_string()), |change| {
        let app = existing_app(context, change.writes, app_id)?;
        if change.writes.revoke_secret(app.tenant_id, app_id, id, change.now)? == 0 {
            return Err(RegistryDenial::NotFound.into());
        }
        kill_tokens(change, ChangeScope::App(context.instance_id, app.tenant_id, app_id), &app)?;
        Ok(Done::of(app_id, ()).in_tenant(app.tenant_id).set("secret", id))
    })
}

//! Taking back secrets of an app: one, or all but one.

use turnkeep_domain::change::ChangeScope;
use turnkeep_domain::client_secret::SecretState;
use turnkeep_domain::id::{AppId, SecretId};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::secret::StoredSecret;

use crate::registry::add_secret::{kill_tokens, live_secrets};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;
use crate::registry::recording::{Done, mutate};

/// Revokes a secret. Every token of the app dies with it, as tokens do not tell which secret obtained them; an app
/// with another live secret gets new ones.
pub fn revoke_secret(context: &RegistryContext<'_>, app_id: AppId, id: SecretId) -> RegistryResult<()> {
    context.audited(
        "app.revoke_secret",
        Some(app_id.to_string()),
        context.require(Permission::ManageSecrets),
    )?;
    mutate(context, "app.revoke_secret", Some(app_id.to_string()), |change| {
        let app = existing_app(context, change.writes, app_id)?;
        let before = live_secrets(change, &app)?;
        if change.writes.revoke_secret(app.tenant_id, app_id, id, change.now)? == 0 {
            return Err(RegistryDenial::NotFound.into());
        }
        kill_tokens(change, ChangeScope::App(context.instance_id, app.tenant_id, app_id), &app)?;
        let after = live_secrets(change, &app)?;
        Ok(Done::of(app_id, ()).in_tenant(app.tenant_id).set("secret_id", id).change(
            "live_secrets",
            Some(before),
            Some(after),
        ))
    })
}

/// Revokes every secret but one that still authenticates the app; returns how many there were. Without any,
/// nothing changes; else every token of the app dies with them.
pub fn revoke_other_secrets(
    context: &RegistryContext<'_>,
    app_id: AppId,
    keep: SecretId,
) -> RegistryResult<u32> {
    const ACTION: &str = "app.revoke_other_secrets";
    let object = Some(app_id.to_string());
    context.audited(ACTION, object.clone(), context.require(Permission::ManageSecrets))?;
    mutate(context, ACTION, object, |change| {
        let app = existing_app(context, change.writes, app_id)?;
        let secrets = change.writes.list_secrets(app.tenant_id, app_id)?;
        let is_kept = |stored: &&StoredSecret| stored.secret.id == keep;
        let kept = secrets.iter().find(is_kept).ok_or(RegistryDenial::NotFound)?;
        if kept.secret.state(change.now) != SecretState::Live {
            return Err(RegistryDenial::SecretNotLive.into());
        }
        let before = live_secrets(change, &app)?;
        let revoked = change.writes.revoke_other_secrets(app.tenant_id, app_id, keep, change.now)?;
        let done = Done::of(app_id, revoked).in_tenant(app.tenant_id);
        if revoked == 0 {
            return Ok(done);
        }
        kill_tokens(change, ChangeScope::App(context.instance_id, app.tenant_id, app_id), &app)?;
        let after = live_secrets(change, &app)?;
        Ok(done.set("kept_secret_id", keep).change("live_secrets", Some(before), Some(after)))
    })
}

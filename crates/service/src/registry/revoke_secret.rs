//! Taking back secrets of an app: one, or all but one.

use turnkeep_domain::app::App;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::client_secret::SecretState;
use turnkeep_domain::id::{AppId, SecretId};
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::secret::StoredSecret;

use crate::registry::add_secret::live_secrets;
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// Revokes a secret. The tokens that it obtained die with it; those that other secrets of the app obtained live on.
///
/// One that was revoked before stays as it is. The version is the app's.
pub fn revoke_secret(
    context: &RegistryContext<'_>,
    app_id: AppId,
    id: SecretId,
    if_version: Option<RecordVersion>,
) -> RegistryResult<()> {
    context.audited(
        "app.revoke_secret",
        Some(app_id.to_string()),
        context.require(Permission::ManageSecrets),
    )?;
    mutate(context, "app.revoke_secret", Some(app_id.to_string()), |change| {
        let app = existing_app(context, change.writes, app_id)?;
        check_version(app.version, if_version)?;
        let before = live_secrets(change, &app)?;
        if change.writes.revoke_secret(app.tenant_id, app_id, id, change.now)? == 0 {
            let secrets = change.writes.list_secrets(app.tenant_id, app_id)?;
            let is_known = secrets.iter().any(|stored| stored.secret.id == id);
            return if is_known { Ok(Done::unchanged(())) } else { Err(RegistryDenial::NotFound.into()) };
        }
        kill_tokens_of_secrets(change, &app, &[id])?;
        let after = live_secrets(change, &app)?;
        let done = Done::of(app_id, ()).in_tenant(app.tenant_id).set("secret_id", id);
        Ok(done.change("live_secrets", Some(before), Some(after)))
    })
}

/// Revokes every secret but one that still authenticates the app; returns how many there were. Without any,
/// nothing changes; else the tokens that they obtained die with them.
pub fn revoke_other_secrets(
    context: &RegistryContext<'_>,
    app_id: AppId,
    keep: SecretId,
    if_version: Option<RecordVersion>,
) -> RegistryResult<u32> {
    const ACTION: &str = "app.revoke_other_secrets";
    let object = Some(app_id.to_string());
    context.audited(ACTION, object.clone(), context.require(Permission::ManageSecrets))?;
    mutate(context, ACTION, object, |change| {
        let app = existing_app(context, change.writes, app_id)?;
        check_version(app.version, if_version)?;
        let secrets = change.writes.list_secrets(app.tenant_id, app_id)?;
        let is_kept = |stored: &&StoredSecret| stored.secret.id == keep;
        let kept = secrets.iter().find(is_kept).ok_or(RegistryDenial::NotFound)?;
        if kept.secret.state(change.now) != SecretState::Live {
            return Err(RegistryDenial::SecretNotLive.into());
        }
        let before = live_secrets(change, &app)?;
        let revoked = change.writes.revoke_other_secrets(app.tenant_id, app_id, keep, change.now)?;
        if revoked == 0 {
            return Ok(Done::unchanged(revoked));
        }
        let unrevoked = |stored: &&StoredSecret| stored.secret.revoked_at.is_none() && !is_kept(stored);
        let ids: Vec<SecretId> = secrets.iter().filter(unrevoked).map(|stored| stored.secret.id).collect();
        kill_tokens_of_secrets(change, &app, &ids)?;
        let after = live_secrets(change, &app)?;
        let done = Done::of(app_id, revoked).in_tenant(app.tenant_id).set("kept_secret_id", keep);
        Ok(done.change("live_secrets", Some(before), Some(after)))
    })
}

/// A new version of the app, and a kill for each secret.
fn kill_tokens_of_secrets(change: &mut Change<'_>, app: &App, ids: &[SecretId]) -> RegistryResult<()> {
    for id in ids {
        let scope = ChangeScope::Secret(app.instance_id, app.tenant_id, app.id, *id);
        change.record(scope, TokensBefore::Dead)?;
    }
    let after = App { version: app.version.next(), ..app.clone() };
    Ok(expect_updated(change.writes.update_app(&after, app.version)?)?)
}

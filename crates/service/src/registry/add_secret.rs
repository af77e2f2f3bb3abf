//! Another secret for an app: instead of the old ones (*regenerate*), or beside one for a while (*overlap*).

use serde_json::Value;
use turnkeep_domain::app::App;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::client_secret::{ClientSecret, Overlap, SecretState};
use turnkeep_domain::id::AppId;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_secret_addition::{
    OlderSecrets, decide_secret_overlap, decide_secret_regeneration,
};
use turnkeep_policy::permission::Permission;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::error::StoreResult;

use crate::audit::attributes::{created, secret_attributes, utc_text};
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;
use crate::registry::new_secret::{aged, make_secret};
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// A secret that was added.
#[derive(Debug)]
pub struct AddedSecret {
    /// Its life.
    pub secret: ClientSecret,
    /// The secret itself: it is not stored, and never shown again.
    pub plaintext: PlaintextSecret,
}

/// Replaces every secret of an app: the old ones are dead when this returns, and so are the tokens they obtained
/// (seeds 000 §6 and 001).
pub fn regenerate_secret(
    context: &RegistryContext<'_>,
    app_id: AppId,
    if_version: Option<RecordVersion>,
) -> RegistryResult<AddedSecret> {
    add(context, app_id, if_version, "app.regenerate_secret", |_, app| {
        Ok(decide_secret_regeneration(app.client_type).map_err(RegistryDenial::SecretAddition)?)
    })
}

/// Adds a secret and lets the older one go on for a bounded while.
pub fn add_secret(
    context: &RegistryContext<'_>,
    app_id: AppId,
    overlap: Overlap,
    if_version: Option<RecordVersion>,
) -> RegistryResult<AddedSecret> {
    add(context, app_id, if_version, "app.add_secret", |change, app| {
        let stored = change.writes.list_secrets(app.tenant_id, app.id)?;
        let secrets: Vec<ClientSecret> = stored.iter().map(|stored| stored.secret).collect();
        let decided = decide_secret_overlap(app.client_type, &secrets, overlap, change.now);
        Ok(decided.map_err(RegistryDenial::SecretAddition)?)
    })
}

fn add(
    context: &RegistryContext<'_>,
    app_id: AppId,
    if_version: Option<RecordVersion>,
    action: &'static str,
    decide: impl FnOnce(&mut Change<'_>, &App) -> RegistryResult<OlderSecrets>,
) -> RegistryResult<AddedSecret> {
    // Refused before the hash is paid for; decided again inside the transaction.
    let found = context
        .require(Permission::ManageSecrets)
        .and_then(|()| context.read(|reads| existing_app(context, reads, app_id)));
    context.audited(action, Some(app_id.to_string()), found)?;
    let new = make_secret(context.authority, app_id)?;
    let secret = mutate(context, action, Some(app_id.to_string()), |change| {
        let app = existing_app(context, change.writes, app_id)?;
        check_version(app.version, if_version)?;
        let (tenant_id, now) = (app.tenant_id, change.now);
        let scope = ChangeScope::App(context.instance_id, tenant_id, app_id);
        let live_before = live_secrets(change, &app)?;
        let mut older_end = None;
        match decide(change, &app)? {
            OlderSecrets::RevokeAll => {
                change.writes.revoke_all_secrets(tenant_id, app_id, now)?;
                kill_tokens(change, scope, &app)?;
            }
            OlderSecrets::ExpireBy(at) => {
                change.writes.limit_secret_lifetimes(tenant_id, app_id, at)?;
                older_end = Some(utc_text(at));
                change.record(scope, TokensBefore::Live)?;
                let after = App { version: app.version.next(), ..app.clone() };
                expect_updated(change.writes.update_app(&after, app.version)?)?;
            }
        }
        let stored = aged(change.writes, context.instance_id, tenant_id, &new.stored, now)?;
        change.writes.insert_secret(tenant_id, &stored)?;
        let live_after = live_secrets(change, &app)?;
        Ok(Done::of(app_id, stored.secret)
            .in_tenant(tenant_id)
            .changes(created(secret_attributes(&stored.secret)))
            .change("older_secrets_expire_at", None, older_end)
            .change("live_secrets", Some(live_before), Some(live_after)))
    })?;
    Ok(AddedSecret { secret, plaintext: new.plaintext })
}

/// Which secrets authenticate the app now, for the audit trail: their ids as a JSON list.
pub(crate) fn live_secrets(change: &mut Change<'_>, app: &App) -> StoreResult<String> {
    let stored = change.writes.list_secrets(app.tenant_id, app.id)?;
    let live = stored.iter().filter(|stored| stored.secret.state(change.now) == SecretState::Live);
    Ok(live.map(|stored| stored.secret.id.to_string()).collect::<Value>().to_string())
}

/// Gives the app a new kill mark.
pub(crate) fn kill_tokens(change: &mut Change<'_>, scope: ChangeScope, app: &App) -> RegistryResult<()> {
    let tokens_dead_below = change.record(scope, TokensBefore::Dead)?;
    let after = App { tokens_dead_below, version: app.version.next(), ..app.clone() };
    Ok(expect_updated(change.writes.update_app(&after, app.version)?)?)
}

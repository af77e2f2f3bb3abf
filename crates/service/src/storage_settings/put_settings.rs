//! Setting the storage of an app: new settings, or others in the place of the present ones.

use turnkeep_domain::app::App;
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::id::{AppId, StorageConfigId, TenantId};
use turnkeep_domain::storage_config::{StorageConfig, StorageSettings};
use turnkeep_domain::storage_endpoint::StorageEndpoint;
use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_policy::decide_storage_change::{StorageChangeDenial, decide_storage_change};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::storage_config::StoredStorageConfig;

use crate::audit::attributes::{changed, created};
use crate::authority::Authority;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;
use crate::registry::recording::{Change, Done, expect_updated, mutate};
use crate::storage_settings::attributes::{secret_key_change, storage_attributes};
use crate::storage_settings::precondition::Expected;
use crate::storage_settings::sealed_key::seal_secret_key;
use crate::storage_settings::secret_key::StorageSecretKey;

/// Which settings an app shall have.
#[derive(Debug, Clone)]
pub struct PutStorageSettings {
    /// Everything but the secret key.
    pub settings: StorageSettings,
    /// A new secret key; `None` keeps the stored one, where it may be kept.
    pub secret_key: Option<StorageSecretKey>,
    /// What has to be there before.
    pub expected: Expected,
}

/// Settings as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsInPlace {
    /// They.
    pub config: StorageConfig,
    /// Whether there were none before.
    pub is_new: bool,
}

/// Sets the storage of an app. A stored secret key is never sent elsewhere than before: whoever changes provider,
/// endpoint or access key has to know it (requirements C 63).
pub fn put_storage_settings(
    context: &RegistryContext<'_>,
    app_id: AppId,
    command: &PutStorageSettings,
) -> RegistryResult<SettingsInPlace> {
    const ACTION: &str = "app.set_storage";
    let object = || Some(app_id.to_string());
    context.audited(ACTION, object(), context.require(Permission::ManageStorage))?;
    mutate(context, ACTION, object(), |change| {
        let app = existing_app(context, change.writes, app_id)?;
        let before = change.writes.find_storage_config(context.instance_id, app.tenant_id, app_id)?;
        command.expected.check(before.as_ref().map(|before| before.config.version))?;
        check_endpoint(context.authority, command.settings.endpoint())?;
        let done = match before {
            None => insert(context, change, &app, command)?,
            Some(before) => replace(context, change, before, command)?,
        };
        Ok(done.in_tenant(app.tenant_id))
    })
}

fn insert(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    app: &App,
    command: &PutStorageSettings,
) -> RegistryResult<Done<SettingsInPlace>> {
    let PutStorageSettings { settings, secret_key, .. } = command;
    let decided = decide_storage_change(None, settings, secret_key.is_some());
    let decided = decided.map_err(RegistryDenial::StorageChange)?;
    // Without one the decision was a denial.
    let secret_key = secret_key.as_ref().ok_or(StorageChangeDenial::SecretKeyMissing);
    let secret_key = secret_key.map_err(RegistryDenial::StorageChange)?;
    let id = StorageConfigId::new(change.now, context.authority.random_bytes());
    let stored = StoredStorageConfig {
        config: StorageConfig {
            id,
            app_id: app.id,
            settings: settings.clone(),
            last_check: None,
            created_at: change.now,
            updated_at: change.now,
            // No version of settings that were removed comes back with these.
            version: record(context, change, app.id, app.tenant_id)?.first_version(),
        },
        tenant_id: app.tenant_id,
        sealed_secret_key: seal_secret_key(context.authority, context.instance_id, id, secret_key)?,
    };
    match change.writes.insert_storage_config(context.instance_id, &stored)? {
        Inserted::Inserted => {}
        // Mutations run one after the other, and there were none.
        Inserted::Conflict => {
            return Err(StoreError::Corrupt { table: "storage_configs", column: "app_id" }.into());
        }
    }
    let mut changes = created(storage_attributes(settings));
    changes.extend(secret_key_change(false, decided));
    Ok(Done::of(app.id, SettingsInPlace { config: stored.config, is_new: true }).changes(changes))
}

fn replace(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: StoredStorageConfig,
    command: &PutStorageSettings,
) -> RegistryResult<Done<SettingsInPlace>> {
    let PutStorageSettings { settings, secret_key, .. } = command;
    let decided = decide_storage_change(Some(&before.config.settings), settings, secret_key.is_some());
    let decided = decided.map_err(RegistryDenial::StorageChange)?;
    let sealed_secret_key = match secret_key {
        Some(key) => seal_secret_key(context.authority, context.instance_id, before.config.id, key)?,
        None => before.sealed_secret_key,
    };
    let version = before.config.version;
    let mut changes = changed(storage_attributes(&before.config.settings), storage_attributes(settings));
    changes.extend(secret_key_change(true, decided));
    let config = StorageConfig {
        settings: settings.clone(),
        last_check: None,
        updated_at: change.now,
        version: version.next(),
        ..before.config
    };
    let stored = StoredStorageConfig { config, sealed_secret_key, tenant_id: before.tenant_id };
    expect_updated(change.writes.update_storage_config(context.instance_id, &stored, version)?)?;
    record(context, change, stored.config.app_id, stored.tenant_id)?;
    let done = Done::of(stored.config.app_id, SettingsInPlace { config: stored.config, is_new: false });
    Ok(done.changes(changes))
}

fn record(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    app_id: AppId,
    tenant_id: TenantId,
) -> StoreResult<ChangeSequence> {
    change.record(ChangeScope::App(context.instance_id, tenant_id, app_id), TokensBefore::Live)
}

/// Refuses what the address guard would refuse at connect (requirements C 59), in the same words whatever it is.
fn check_endpoint(authority: &Authority, endpoint: &StorageEndpoint) -> RegistryResult<()> {
    let encrypted = endpoint.is_encrypted() || authority.settings.storage_plain_http == PlainHttp::Allowed;
    if encrypted && authority.storage_probe.may_reach(endpoint) {
        Ok(())
    } else {
        Err(RegistryDenial::StorageEndpointRefused.into())
    }
}

//! Trying storage settings with a real request: outside of every transaction, since the other side decides how long
//! it takes.

use turnkeep_domain::id::AppId;
use turnkeep_domain::storage_config::{LastStorageCheck, StorageCheckOutcome, StorageConfig};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::storage_config::StoredStorageConfig;

use crate::failure::Fault;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::recording::{Change, Done, expect_updated, mutate};
use crate::storage_settings::existing_settings::existing_settings;
use crate::storage_settings::sealed_key::open_secret_key;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageCheck {
    /// What came back; nothing in it tells why an address was not reached (requirements C 62).
    pub outcome: StorageCheckOutcome,
    /// When it was begun.
    pub at: Timestamp,
    /// The version of the settings that were tried. If there is another by now, this says nothing about it.
    pub version: RecordVersion,
}

/// Connects to an app's storage. The outcome is kept with the settings unless they changed in the meantime.
pub fn check_storage_connection(
    context: &RegistryContext<'_>,
    app_id: AppId,
) -> RegistryResult<StorageCheck> {
    const ACTION: &str = "app.check_storage";
    let object = || Some(app_id.to_string());
    let found = context
        .require(Permission::CheckStorage)
        .and_then(|()| context.read(|reads| existing_settings(context, reads, app_id)));
    let tried = context.audited(ACTION, object(), found)?;
    let check = run(context, &tried)?;
    mutate(context, ACTION, object(), |change| {
        keep(context, change, &tried, &check)?;
        let done = Done::of(app_id, check).in_tenant(tried.tenant_id);
        Ok(done.set("outcome", check.outcome.as_str()).set("settings_version", check.version.as_number()))
    })
}

fn run(context: &RegistryContext<'_>, tried: &StoredStorageConfig) -> Result<StorageCheck, Fault> {
    let authority = context.authority;
    let running = authority.running_checks.try_begin(tried.tenant_id).ok_or(Fault::TooManyChecks)?;
    let at = authority.now();
    let secret_key = open_secret_key(authority, context.instance_id, tried)?;
    let outcome = authority.storage_probe.check(&tried.config.settings, &secret_key, at)?;
    drop(running);
    Ok(StorageCheck { outcome, at, version: tried.config.version })
}

/// The version stays: the settings are the same. An id tells settings that were removed and made again.
fn keep(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    tried: &StoredStorageConfig,
    check: &StorageCheck,
) -> RegistryResult<()> {
    let (tenant_id, app_id) = (tried.tenant_id, tried.config.app_id);
    let current = change.writes.find_storage_config(context.instance_id, tenant_id, app_id)?;
    let same = |config: &StorageConfig| (config.id, config.version) == (tried.config.id, check.version);
    let Some(current) = current.filter(|current| same(&current.config)) else {
        return Ok(());
    };
    let last_check = Some(LastStorageCheck { at: check.at, outcome: check.outcome });
    let stored = StoredStorageConfig { config: StorageConfig { last_check, ..current.config }, ..current };
    Ok(expect_updated(change.writes.update_storage_config(context.instance_id, &stored, check.version)?)?)
}

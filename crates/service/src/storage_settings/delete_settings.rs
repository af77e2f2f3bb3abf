//! Going back to the platform's managed storage.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::AppId;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::outcome::Deleted;

use crate::audit::attributes::removed;
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, mutate};
use crate::storage_settings::attributes::{secret_key_removal, storage_attributes};
use crate::storage_settings::existing_settings::existing_settings;

/// Removes the storage settings of an app, with the secret key.
pub fn delete_storage_settings(
    context: &RegistryContext<'_>,
    app_id: AppId,
    if_version: Option<RecordVersion>,
) -> RegistryResult<()> {
    const ACTION: &str = "app.remove_storage";
    let object = || Some(app_id.to_string());
    context.audited(ACTION, object(), context.require(Permission::ManageStorage))?;
    mutate(context, ACTION, object(), |change| {
        let before = existing_settings(context, change.writes, app_id)?;
        check_version(before.config.version, if_version)?;
        match change.writes.delete_storage_config(context.instance_id, before.tenant_id, app_id)? {
            Deleted::Deleted => {}
            Deleted::Unknown => return Err(RegistryDenial::NotFound.into()),
        }
        change.record(ChangeScope::App(context.instance_id, before.tenant_id, app_id), TokensBefore::Live)?;
        let mut changes = removed(storage_attributes(&before.config.settings));
        changes.push(secret_key_removal());
        Ok(Done::of(app_id, ()).in_tenant(before.tenant_id).changes(changes))
    })
}

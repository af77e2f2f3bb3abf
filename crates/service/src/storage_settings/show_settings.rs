//! Reading the storage settings of an app. The secret key is no part of what is shown.

use turnkeep_domain::id::AppId;
use turnkeep_domain::storage_config::StorageConfig;
use turnkeep_policy::permission::Permission;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::storage_settings::existing_settings::existing_settings;

/// The settings with their last check; an app without any is on the platform's managed storage.
pub fn show_storage_settings(context: &RegistryContext<'_>, app_id: AppId) -> RegistryResult<StorageConfig> {
    context.require_read("storage.read", Some(&app_id), Permission::ReadStorage)?;
    let stored = context.read(|reads| existing_settings(context, reads, app_id))?;
    Ok(stored.config)
}

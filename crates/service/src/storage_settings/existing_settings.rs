//! Finding the storage settings of an app that the caller reaches.

use turnkeep_domain::id::AppId;
use turnkeep_storage::storage_config::StoredStorageConfig;
use turnkeep_storage::store::Reads;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;

/// Those of an app; an app that has none is told from none at all by nobody.
pub(super) fn existing_settings<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    app_id: AppId,
) -> RegistryResult<StoredStorageConfig> {
    let app = existing_app(context, reads, app_id)?;
    let stored = reads.find_storage_config(context.instance_id, app.tenant_id, app_id)?;
    Ok(stored.ok_or(RegistryDenial::NotFound)?)
}

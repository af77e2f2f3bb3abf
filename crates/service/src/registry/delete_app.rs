//! Removing an app with its secrets. Its tokens are dead, even if another app gets its client id.

use turnkeep_domain::app::AppOrigin;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::AppId;
use turnkeep_domain::placement::Placement;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::outcome::Deleted;

use crate::audit::attributes::{app_attributes, removed};
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;
use crate::registry::recording::{Done, mutate};

/// Deletes an app for good and gives its room in the region database back.
pub fn delete_app(
    context: &RegistryContext<'_>,
    id: AppId,
    if_version: Option<RecordVersion>,
) -> RegistryResult<()> {
    context.audited("app.delete", Some(id.to_string()), context.require(Permission::ManageApps))?;
    mutate(context, "app.delete", Some(id.to_string()), |change| {
        let app = existing_app(context, change.writes, id)?;
        check_version(app.version, if_version)?;
        if app.origin == AppOrigin::Platform {
            return Err(RegistryDenial::PlatformRecord.into());
        }
        if change.writes.delete_app(context.instance_id, app.tenant_id, id)? == Deleted::Unknown {
            return Err(RegistryDenial::NotFound.into());
        }
        if let Placement::Placed { database_id, .. } = app.placement {
            // A database that is gone has no room to give back.
            let _ = change.writes.release_room(context.instance_id, database_id)?;
        }
        change.record(ChangeScope::App(context.instance_id, app.tenant_id, id), TokensBefore::Dead)?;
        Ok(Done::of(id, ()).in_tenant(app.tenant_id).changes(removed(app_attributes(&app))))
    })
}

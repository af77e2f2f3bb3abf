//! Whether a tenant may have one more app, asked before it is made: by pages, while somebody fills in a form. The answer
//! is the one that making it gives, but may be another a moment later.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::TenantId;
use turnkeep_policy::decide_app_creation::{AppCreationFacts, decide_app_creation};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::store::Reads;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;

/// Whether the tenant may have one more app, of this name if one is known already.
///
/// # Errors
///
/// Denied as making the app is: by the caller's permissions, and by [`decide_app_creation`].
pub fn judge_new_app(
    context: &RegistryContext<'_>,
    tenant_id: TenantId,
    name: Option<&DisplayName>,
) -> RegistryResult<()> {
    context.require_read("app.read", None, Permission::ManageApps)?;
    let tenant_id = context.reachable(tenant_id)?;
    context.read(|reads| check_tenant(context, reads, tenant_id, name))
}

/// The same for a caller who was checked, within any transaction.
pub(crate) fn check_tenant<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    tenant_id: TenantId,
    name: Option<&DisplayName>,
) -> RegistryResult<()> {
    let instance_id = context.instance_id;
    let tenant = reads.find_tenant(instance_id, tenant_id)?.ok_or(RegistryDenial::NotFound)?;
    let name_taken = match name {
        Some(name) => reads.app_name_taken(instance_id, tenant_id, &name.uniqueness_key(), None)?,
        None => false,
    };
    let facts = AppCreationFacts {
        tenant_state: tenant.state,
        app_limit: tenant.app_limit,
        app_count: reads.count_apps(instance_id, tenant_id)?,
        name_taken,
    };
    Ok(decide_app_creation(&facts).map_err(RegistryDenial::AppCreation)?)
}

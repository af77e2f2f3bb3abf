//! What closing a tenant would end, for whoever is about to do it. Looking leaves everything as it is.

use turnkeep_domain::id::TenantId;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::store::Reads;

use crate::failure::Failure;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::manage_tenant::{TenantStep, existing_tenant, judge_step};

/// What there is to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantClosing {
    /// How many apps would stop for good.
    pub apps: u32,
    /// How many people would have no place there any more.
    pub members: usize,
    /// Why the tenant cannot be closed as it is, if it cannot.
    pub obstacle: Option<RegistryDenial>,
}

/// What [`TenantStep::Close`] would do. Operators only.
pub fn foresee_closing(context: &RegistryContext<'_>, id: TenantId) -> RegistryResult<TenantClosing> {
    context.require_read("tenant.read", Some(&id), Permission::Operate)?;
    context.read(|reads| closing_of(context, reads, id))
}

fn closing_of(
    context: &RegistryContext<'_>,
    reads: &mut dyn Reads,
    id: TenantId,
) -> RegistryResult<TenantClosing> {
    let tenant = existing_tenant(context, reads, id)?;
    let apps = reads.count_apps(context.instance_id, id)?;
    let members = reads.list_members(context.instance_id, id)?.len();
    let obstacle = match judge_step(context, reads, &tenant, TenantStep::Close) {
        Ok(_) => None,
        Err(Failure::Denied(denial)) => Some(denial),
        Err(fault @ Failure::Fault(_)) => return Err(fault),
    };
    Ok(TenantClosing { apps, members, obstacle })
}

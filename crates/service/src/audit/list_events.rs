//! Reading the audit trail: operators all of the instance's, others what concerns their tenant.

use turnkeep_audit::chain::ChainedEntry;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::AuditEventId;
use turnkeep_domain::page::AuditPage;
use turnkeep_policy::permission::Permission;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;

/// The wanted entries that the caller may see.
pub fn list_audit_events(
    context: &RegistryContext<'_>,
    filter: &AuditFilter,
    page: AuditPage,
) -> RegistryResult<Vec<ChainedEntry>> {
    let filter = filter_for(context, filter)?;
    Ok(context.authority.store.read(|reads| reads.list_audit_trail(context.instance_id, &filter, page))?)
}

/// One entry.
pub fn find_audit_event(context: &RegistryContext<'_>, id: AuditEventId) -> RegistryResult<ChainedEntry> {
    let visible = filter_for(context, &AuditFilter::default())?.tenant_id;
    let found = context.authority.store.read(|reads| reads.find_audit_entry(context.instance_id, id))?;
    let found = found.filter(|found| visible.is_none() || found.entry.tenant_id == visible);
    Ok(found.ok_or(RegistryDenial::NotFound)?)
}

/// The filter, narrowed to what the caller may see. Another tenant is as good as absent.
pub(crate) fn filter_for(context: &RegistryContext<'_>, filter: &AuditFilter) -> RegistryResult<AuditFilter> {
    context.require_read("audit.read", None, Permission::ReadAudit)?;
    let tenant_id = context.tenant_to_list(filter.tenant_id)?;
    Ok(AuditFilter { tenant_id, ..filter.clone() })
}

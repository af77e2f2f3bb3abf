//! Queries of the audit trail.

use diesel::prelude::*;
use turnkeep_domain::audit::AuditEvent;
use turnkeep_domain::id::{InstanceId, TenantId};
use turnkeep_storage::audit::{AuditEntry, AuditReads, AuditWrites};
use turnkeep_storage::error::StoreResult;

use crate::records::audit::AuditEventRow;
use crate::schema::audit_events;
use crate::session::Session;

impl AuditReads for Session<'_> {
    fn list_audit_events(
        &mut self,
        instance_id: InstanceId,
        tenant_id: Option<TenantId>,
        limit: u32,
    ) -> StoreResult<Vec<AuditEntry>> {
        let newest = audit_events::table
            .filter(audit_events::instance_id.eq(instance_id.as_bytes()))
            .order((audit_events::at.desc(), audit_events::id.desc()))
            .limit(i64::from(limit))
            .select(AuditEventRow::as_select());
        let rows = match tenant_id {
            None => self.run(|c| newest.load(c))?,
            Some(tenant_id) => {
                let of_tenant = newest.filter(audit_events::tenant_id.eq(tenant_id.as_bytes()));
                self.run(|c| of_tenant.load(c))?
            }
        };
        rows.into_iter().map(AuditEventRow::into_entry).collect()
    }
}

impl AuditWrites for Session<'_> {
    fn insert_audit_event(&mut self, event: &AuditEvent) -> StoreResult<()> {
        let row = AuditEventRow::from(event);
        self.run(|c| diesel::insert_into(audit_events::table).values(&row).execute(c)).map(|_| ())
    }
}

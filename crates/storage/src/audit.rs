//! The audit trail.

use turnkeep_domain::audit::AuditEvent;
use turnkeep_domain::id::{InstanceId, TenantId};
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;

/// An event as it is read back: a report, not something to decide by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Text form of the event's id.
    pub id: String,
    /// Text form of the tenant's id, if it concerns one.
    pub tenant_id: Option<String>,
    /// `system`, `command-line`, `anonymous`, or the text form of an app's or user's id.
    pub actor: String,
    /// What was attempted.
    pub action: String,
    /// Text form of the object's id, if it concerns one.
    pub object: Option<String>,
    /// `None` if it was done, else the code of the denial.
    pub refusal: Option<String>,
    /// The changed attributes as a JSON array of `{"attribute", "before", "after"}`.
    pub changes: String,
    /// Text form of the request's id.
    pub request_id: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Reads of the audit trail.
pub trait AuditReads {
    /// The newest events of an instance, or of one tenant of it, the newest first.
    fn list_audit_events(
        &mut self,
        instance_id: InstanceId,
        tenant_id: Option<TenantId>,
        limit: u32,
    ) -> StoreResult<Vec<AuditEntry>>;
}

/// Additions to the audit trail, in the transaction of the change they are about.
pub trait AuditWrites {
    /// Adds an event. Nothing ever changes or removes one.
    fn insert_audit_event(&mut self, event: &AuditEvent) -> StoreResult<()>;
}

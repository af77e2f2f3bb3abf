//! Entries of the trail as responses.

use turnkeep_audit::chain::ChainedEntry;
use turnkeep_protocol::management::audit_event::{
    AttributeChangeResponse, AuditEventResponse, AuditOutcomeName,
};
use turnkeep_protocol::rfc3339::format_utc;

/// An event.
pub(super) fn show_event(chained: &ChainedEntry) -> AuditEventResponse {
    let entry = &chained.entry;
    let changes = entry.changes.iter().map(|change| AttributeChangeResponse {
        attribute: change.attribute.clone(),
        before: change.before.clone(),
        after: change.after.clone(),
    });
    AuditEventResponse {
        id: entry.id.to_string(),
        position: entry.position,
        at: format_utc(entry.at),
        actor: entry.actor.clone(),
        action: entry.action.clone(),
        object: entry.object.clone(),
        tenant_id: entry.tenant_id.map(|id| id.to_string()),
        outcome: match entry.refusal {
            None => AuditOutcomeName::Done,
            Some(_) => AuditOutcomeName::Refused,
        },
        code: entry.refusal.clone(),
        changes: changes.collect(),
        request_id: entry.request_id.map(|id| id.to_string()),
        previous_hash: chained.previous_hash.to_string(),
        hash: chained.hash.to_string(),
    }
}

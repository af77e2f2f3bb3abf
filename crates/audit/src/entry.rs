//! An event of the audit trail as it is stored and read back: a report, not something to decide by.

use serde::{Deserialize, Serialize};
use turnkeep_domain::audit::{AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::id::{AuditEventId, RequestId, TenantId};
use turnkeep_domain::time::Timestamp;

/// One attribute of a record before and after a change. Its JSON form is that of the database and of exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryChange {
    /// The attribute, as the management API names it.
    pub attribute: String,
    /// Its text form before; `None` if it was not set.
    pub before: Option<String>,
    /// Its text form after; `None` if it is not set.
    pub after: Option<String>,
}

impl From<&AttributeChange> for EntryChange {
    fn from(change: &AttributeChange) -> Self {
        Self {
            attribute: change.attribute.to_owned(),
            before: change.before.clone(),
            after: change.after.clone(),
        }
    }
}

/// An event with its place in the trail of its instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place, counted from 1 without gaps.
    pub position: u64,
    /// The event's identifier.
    pub id: AuditEventId,
    /// The tenant it concerns, if one.
    pub tenant_id: Option<TenantId>,
    /// `system`, `command-line`, `anonymous`, or the text form of an app's or user's id.
    pub actor: String,
    /// What was attempted: entity first, as in `app.disable`.
    pub action: String,
    /// The text form of the id of the record it concerns, if one.
    pub object: Option<String>,
    /// `None` if it was done, else the code of the denial.
    pub refusal: Option<String>,
    /// What changed; nothing if it was refused.
    pub changes: Vec<EntryChange>,
    /// The request that caused it, if one did.
    pub request_id: Option<RequestId>,
    /// When.
    pub at: Timestamp,
}

impl AuditEntry {
    /// The entry for an event at a position, counted from 1.
    pub fn at_position(position: u64, event: &AuditEvent) -> Self {
        let (refusal, changes) = match &event.outcome {
            AuditOutcome::Done { changes } => (None, changes.iter().map(EntryChange::from).collect()),
            AuditOutcome::Refused { code } => (Some((*code).to_owned()), Vec::new()),
        };
        Self {
            position,
            id: event.id,
            tenant_id: event.tenant_id,
            actor: event.actor.to_string(),
            action: event.action.to_owned(),
            object: event.object.clone(),
            refusal,
            changes,
            request_id: event.request_id,
            at: event.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::audit::Actor;
    use turnkeep_domain::id::{AppId, InstanceId, UserId};

    use super::*;

    fn event(outcome: AuditOutcome) -> AuditEvent {
        AuditEvent {
            id: AuditEventId::from_bytes([1; 16]),
            instance_id: InstanceId::from_bytes([2; 16]),
            tenant_id: Some(TenantId::from_bytes([3; 16])),
            actor: Actor::CommandLine,
            action: "app.update",
            object: Some("app_1".to_owned()),
            outcome,
            request_id: Some(RequestId::from_bytes([4; 16])),
            at: Timestamp::from_micros(5),
        }
    }

    #[test]
    fn an_event_keeps_everything_in_its_entry() {
        let change = AttributeChange { attribute: "name", before: None, after: Some("Reports".to_owned()) };
        let done = AuditEntry::at_position(7, &event(AuditOutcome::Done { changes: vec![change] }));
        assert_eq!(
            done,
            AuditEntry {
                position: 7,
                id: AuditEventId::from_bytes([1; 16]),
                tenant_id: Some(TenantId::from_bytes([3; 16])),
                actor: "command-line".to_owned(),
                action: "app.update".to_owned(),
                object: Some("app_1".to_owned()),
                refusal: None,
                changes: vec![EntryChange {
                    attribute: "name".to_owned(),
                    before: None,
                    after: Some("Reports".to_owned()),
                }],
                request_id: Some(RequestId::from_bytes([4; 16])),
                at: Timestamp::from_micros(5),
            }
        );
        let refused = AuditEntry::at_position(7, &event(AuditOutcome::Refused { code: "name_taken" }));
        assert_eq!((refused.refusal.as_deref(), refused.changes), (Some("name_taken"), Vec::new()));
    }

    #[test]
    fn actors_have_distinct_texts() {
        for (actor, text) in [
            (Actor::System, "system"),
            (Actor::CommandLine, "command-line"),
            (Actor::Anonymous, "anonymous"),
            (Actor::App(AppId::from_bytes([0; 16])), "app_00000000000000000000000000"),
            (Actor::User(UserId::from_bytes([0; 16])), "usr_00000000000000000000000000"),
        ] {
            assert_eq!(actor.to_string(), text);
        }
    }
}

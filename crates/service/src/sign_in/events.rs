//! What the audit trail tells of people who sign in and of what they sign in with. No secret, code or address.

use std::fmt::Display;

use turnkeep_domain::audit::{Actor, AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::id::{AuditEventId, InstanceId, RequestId};
use turnkeep_domain::time::Timestamp;

use crate::authority::Authority;
use crate::person_tokens::revoke_grants::GrantRevocation;
use crate::registry::context::RegistryContext;

/// Who does something in which instance by which request.
#[derive(Clone, Copy)]
pub(crate) struct Deed<'a> {
    pub(crate) authority: &'a Authority,
    pub(crate) instance_id: InstanceId,
    pub(crate) actor: Actor,
    pub(crate) request_id: Option<RequestId>,
}

impl<'a> Deed<'a> {
    /// What a caller of the registry does.
    pub(crate) fn of(context: &RegistryContext<'a>) -> Self {
        let RegistryContext { authority, instance_id, caller, request_id, .. } = *context;
        Self { authority, instance_id, actor: caller.actor, request_id }
    }

    /// Grants end by it.
    pub(crate) fn revocation(&self, reason: &'static str, at: Timestamp) -> GrantRevocation {
        GrantRevocation { actor: self.actor, reason, request_id: self.request_id, at }
    }

    /// It was done.
    pub(crate) fn done(
        &self,
        action: &'static str,
        object: impl Display,
        changes: Vec<AttributeChange>,
    ) -> AuditEvent {
        self.event(action, Some(object.to_string()), AuditOutcome::Done { changes })
    }

    /// It was refused, for this reason: noted for the trail, which nobody waits for.
    pub(crate) fn note_refusal(&self, action: &'static str, object: Option<String>, code: &'static str) {
        let event = self.event(action, object, AuditOutcome::Refused { code });
        self.authority.books.note_refusal(event);
    }

    fn event(&self, action: &'static str, object: Option<String>, outcome: AuditOutcome) -> AuditEvent {
        let at = self.authority.now();
        AuditEvent {
            id: AuditEventId::new(at, self.authority.random_bytes()),
            instance_id: self.instance_id,
            tenant_id: None,
            actor: self.actor,
            action,
            object,
            outcome,
            request_id: self.request_id,
            at,
        }
    }
}

/// An attribute that was not there before.
pub(crate) fn set(attribute: &'static str, after: impl Display) -> AttributeChange {
    AttributeChange { attribute, before: None, after: Some(after.to_string()) }
}

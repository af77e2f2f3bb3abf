//! One transaction per change, with its audit event and its place in the change log.

use std::fmt::Display;

use turnkeep_domain::audit::{Actor, AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::id::{AuditEventId, InstanceId, RequestId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::Updated;
use turnkeep_storage::store::Writes;

use crate::audit::append::{append_event, append_to_chains};
use crate::authority::Authority;
use crate::failure::Failure;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::idempotency::{note_done, refuse_repetition};
use crate::transaction;

/// What was done: the outcome for the caller, and what the audit trail says.
pub(crate) struct Done<T> {
    output: T,
    object: String,
    tenant_id: Option<TenantId>,
    changes: Vec<AttributeChange>,
    consequences: Vec<Consequence>,
    is_unchanged: bool,
}

/// What a change did to a record other than its own, which may be another tenant's: that tenant's trail has to tell.
pub(crate) struct Consequence {
    pub(crate) action: &'static str,
    pub(crate) object: String,
    pub(crate) tenant_id: TenantId,
    pub(crate) changes: Vec<AttributeChange>,
}

impl<T> Done<T> {
    /// Something was done to this record.
    pub(crate) fn of(object: impl Display, output: T) -> Self {
        Self {
            output,
            object: object.to_string(),
            tenant_id: None,
            changes: Vec::new(),
            consequences: Vec::new(),
            is_unchanged: false,
        }
    }

    /// Everything was as it should become: nothing was written, and the trail has nothing to tell.
    pub(crate) fn unchanged(output: T) -> Self {
        Self { is_unchanged: true, ..Self::of("", output) }
    }

    /// It changed other records as well.
    pub(crate) fn consequences(mut self, consequences: Vec<Consequence>) -> Self {
        self.consequences.extend(consequences);
        self
    }

    /// It concerns this tenant.
    pub(crate) fn in_tenant(mut self, tenant_id: TenantId) -> Self {
        self.tenant_id = Some(tenant_id);
        self
    }

    /// An attribute was set.
    pub(crate) fn set(self, attribute: &'static str, after: impl Display) -> Self {
        self.change(attribute, None, Some(after.to_string()))
    }

    /// An attribute changed, if the two differ.
    pub(crate) fn change(
        mut self,
        attribute: &'static str,
        before: Option<String>,
        after: Option<String>,
    ) -> Self {
        if before != after {
            self.changes.push(AttributeChange { attribute, before, after });
        }
        self
    }

    /// Several attributes changed.
    pub(crate) fn changes(mut self, changes: Vec<AttributeChange>) -> Self {
        self.changes.extend(changes);
        self
    }

    /// The outcome, and what the audit trail says: first of the change, then of its consequences.
    pub(crate) fn into_events(
        mut self,
        context: &RegistryContext<'_>,
        action: &'static str,
        at: Timestamp,
    ) -> (T, Vec<AuditEvent>) {
        if self.is_unchanged {
            return (self.output, Vec::new());
        }
        let consequences = std::mem::take(&mut self.consequences);
        let (output, event) = self.into_event(context, action, at);
        let told = |consequence: Consequence| {
            let Consequence { action, object, tenant_id, changes } = consequence;
            Done::of(object, ()).in_tenant(tenant_id).changes(changes).into_event(context, action, at).1
        };
        let events = std::iter::once(event).chain(consequences.into_iter().map(told)).collect();
        (output, events)
    }

    /// The outcome, and what the audit trail says of a change that has no consequences.
    pub(crate) fn into_event(
        self,
        context: &RegistryContext<'_>,
        action: &'static str,
        at: Timestamp,
    ) -> (T, AuditEvent) {
        let event = AuditEvent {
            id: AuditEventId::new(at, context.authority.random_bytes()),
            instance_id: context.instance_id,
            tenant_id: self.tenant_id,
            actor: context.caller.actor,
            action,
            object: Some(self.object),
            outcome: AuditOutcome::Done { changes: self.changes },
            request_id: context.request_id,
            at,
        };
        (self.output, event)
    }
}

/// A mutating transaction of the registry.
pub(crate) struct Change<'t> {
    pub(crate) writes: &'t mut dyn Writes,
    pub(crate) now: Timestamp,
}

impl Change<'_> {
    /// Gives the change its place in the order.
    pub(crate) fn record(
        &mut self,
        scope: ChangeScope,
        tokens_before: TokensBefore,
    ) -> StoreResult<ChangeSequence> {
        self.writes.record_change(scope, tokens_before, self.now)
    }
}

/// Runs a change. One that changes nothing leaves nothing. A denial commits nothing but its audit event, so it has to
/// come before the first write; a fault rolls everything back.
pub(crate) fn mutate<T>(
    context: &RegistryContext<'_>,
    action: &'static str,
    object: Option<String>,
    work: impl FnOnce(&mut Change<'_>) -> RegistryResult<Done<T>>,
) -> RegistryResult<T> {
    let authority = context.authority;
    let now = authority.now();
    let once = |writes: &mut dyn Writes| match refuse_repetition(context, writes, now)? {
        Ok(()) => work(&mut Change { writes, now }),
        Err(repeated) => Err(repeated.into()),
    };
    let ended = transaction::mutate(&*authority.store, |writes| match once(writes) {
        Ok(done) => {
            // Nobody can have been faster, since mutations run one after the other.
            let _noted = note_done(context, writes, now)?;
            let (output, events) = done.into_events(context, action, now);
            append_to_chains(authority, writes, &events)?;
            Ok(Ok(output))
        }
        Err(Failure::Denied(denial)) => {
            append_event(authority, writes, &refused(context, action, object, &denial, now))?;
            Ok(Err(denial))
        }
        Err(Failure::Fault(fault)) => Err(fault),
    })?;
    ended.map_err(Failure::Denied)
}

/// The event of something refused.
pub(crate) fn refused(
    context: &RegistryContext<'_>,
    action: &'static str,
    object: Option<String>,
    denial: &RegistryDenial,
    at: Timestamp,
) -> AuditEvent {
    AuditEvent {
        id: AuditEventId::new(at, context.authority.random_bytes()),
        instance_id: context.instance_id,
        tenant_id: context.own_tenant(),
        actor: context.caller.actor,
        action,
        object,
        outcome: AuditOutcome::Refused { code: denial.code() },
        request_id: context.request_id,
        at,
    }
}

/// The event of something done, in the transaction that did it.
#[expect(clippy::too_many_arguments, reason = "each is a column of the event")]
pub(crate) fn audit_done<T>(
    authority: &Authority,
    writes: &mut dyn Writes,
    instance_id: InstanceId,
    actor: Actor,
    request_id: Option<RequestId>,
    action: &'static str,
    done: &Done<T>,
    at: Timestamp,
) -> StoreResult<()> {
    let event = AuditEvent {
        id: AuditEventId::new(at, authority.random_bytes()),
        instance_id,
        tenant_id: done.tenant_id,
        actor,
        action,
        object: Some(done.object.clone()),
        outcome: AuditOutcome::Done { changes: done.changes.clone() },
        request_id,
        at,
    };
    append_event(authority, writes, &event)
}

/// An update of a record that was read in the same transaction cannot be stale, since mutations run one after the
/// other; should it be, the caller is told as if somebody had been faster.
pub(crate) fn expect_updated(updated: Updated) -> Result<(), RegistryDenial> {
    match updated {
        Updated::Updated => Ok(()),
        Updated::Stale => Err(RegistryDenial::StaleVersion),
    }
}

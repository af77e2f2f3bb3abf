//! Putting events behind the end of their instance's chain, in the transaction of what they are about.

use std::collections::BTreeSet;

use turnkeep_audit::chain::{ChainHead, link};
use turnkeep_audit::seal::{SealCheck, SealKeys, SealedHead};
use turnkeep_domain::audit::AuditEvent;
use turnkeep_domain::id::InstanceId;
use turnkeep_storage::audit::AuditAppend;
use turnkeep_storage::error::StoreResult;

use crate::authority::Authority;

/// Appends one event.
pub(crate) fn append_event(
    authority: &Authority,
    trail: &mut dyn AuditAppend,
    event: &AuditEvent,
) -> StoreResult<()> {
    append_events(authority, trail, event.instance_id, std::iter::once(event))
}

/// Appends events of any instances, always in the same order of instances, so that two nodes never wait for each
/// other.
pub(crate) fn append_to_chains(
    authority: &Authority,
    trail: &mut dyn AuditAppend,
    events: &[AuditEvent],
) -> StoreResult<()> {
    let instances: BTreeSet<InstanceId> = events.iter().map(|event| event.instance_id).collect();
    for instance_id in instances {
        let of_instance = events.iter().filter(|event| event.instance_id == instance_id);
        append_events(authority, trail, instance_id, of_instance)?;
    }
    Ok(())
}

/// Appends events of one instance in their order. From here to the end of the transaction nobody else can append
/// to this chain, so this comes last in it.
fn append_events<'e>(
    authority: &Authority,
    trail: &mut dyn AuditAppend,
    instance_id: InstanceId,
    events: impl Iterator<Item = &'e AuditEvent>,
) -> StoreResult<()> {
    let stored = trail.lock_audit_head(instance_id)?;
    let mut head = stored.map_or_else(|| ChainHead::genesis(instance_id), |sealed| sealed.head);
    let mut entries = Vec::new();
    for event in events {
        let entry = link(&head, event);
        head = entry.head(instance_id);
        entries.push(entry);
    }
    if entries.is_empty() {
        return Ok(());
    }
    let sealed = seal_behind(&authority.seal_keys, stored.as_ref(), head);
    trail.append_audit_entries(&entries, &sealed)
}

/// Seals the new head, if the old one was genuine. Else somebody may have forged the chain, and a seal of ours would
/// vouch for it: the old seal stays, which fits no other head, so that every verification finds it until an operator
/// accepts the head ([`accept_head`](crate::audit::accept_head::accept_head)). The event is kept either way.
fn seal_behind(keys: &SealKeys, old: Option<&SealedHead>, head: ChainHead) -> SealedHead {
    let Some(old) = old else {
        return keys.seal_head(head);
    };
    let known = match keys.check_head(old) {
        SealCheck::Genuine | SealCheck::GenuineUnderPreviousKey => return keys.seal_head(head),
        SealCheck::Wrong => true,
        SealCheck::UnknownKey => false,
    };
    tracing::error!(
        instance = %head.instance_id,
        position = head.position,
        seal_key = %old.seal.key_id(),
        seal_key_known = known,
        "the head of the audit trail has no genuine seal and gets no new one"
    );
    SealedHead { head, seal: old.seal }
}

//! Taking old entries out of a trail. What is taken was verified, and a sealed segment stands for it afterwards, so
//! that the rest stays verifiable.

use std::time::Duration;

use turnkeep_audit::chain::ChainHead;
use turnkeep_audit::json_lines::utc_text;
use turnkeep_audit::segment::{SealedSegment, Segment};
use turnkeep_audit::verify::{Checked, Doubt, Verdict};
use turnkeep_domain::audit::Actor;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_domain::time::Timestamp;

use crate::audit::walk_trail::{TrailVerdict, walk_trail};
use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, mutate};
use crate::tokens::authenticate_bearer::{Caller, Reach};

const ACTION: &str = "audit.prune";

/// What was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrunedTrail {
    /// What stands for it.
    pub segment: Segment,
    /// How many entries.
    pub entries: u64,
}

/// Takes out every entry from the beginning of the trail up to the first that is not older than `before`.
/// Operators only. A trail that is broken stays as it is.
pub fn prune_trail(context: &RegistryContext<'_>, before: Timestamp) -> RegistryResult<PrunedTrail> {
    let object = Some(context.instance_id.to_string());
    let last = context.require_operator().and_then(|()| last_to_prune(context, before));
    let last = context.audited(ACTION, object.clone(), last)?;
    mutate(context, ACTION, object, |change| {
        let segments = change.writes.list_audit_segments(context.instance_id)?;
        let previous = segments.last().map(|sealed| sealed.segment);
        // Somebody else may have pruned since it was verified.
        let segment = Segment::up_to(&last, previous.as_ref(), change.now);
        let segment = segment.ok_or(RegistryDenial::NothingToPrune)?;
        let sealed: SealedSegment = context.authority.seal_keys.seal_segment(segment);
        let entries = change.writes.prune_audit_trail(&sealed)?;
        Ok(Done::of(context.instance_id, PrunedTrail { segment, entries })
            .set("first_position", segment.first_position)
            .set("last_position", segment.last_position)
            .set("entries", entries)
            .set("older_than", utc_text(before)))
    })
}

/// Prunes what is older than `keep` in every instance, and returns how many entries that were. Called now and then
/// by every node; does nothing where there is nothing so old, and leaves a broken trail alone.
pub fn prune_expired(authority: &Authority, keep: Duration) -> Result<u64, Fault> {
    let before = authority.now().minus(keep);
    let mut entries = 0_u64;
    for instance in authority.store.read(|reads| reads.list_instances())? {
        if !begins_before(authority, instance.id, before)? {
            continue;
        }
        let caller = Caller::new(Actor::System, Reach::Platform);
        let context = RegistryContext {
            authority,
            instance_id: instance.id,
            caller,
            request_id: None,
            idempotency: None,
        };
        match prune_trail(&context, before) {
            Ok(pruned) => entries = entries.saturating_add(pruned.entries),
            Err(Failure::Denied(denial)) => {
                tracing::error!(instance = %instance.id, %denial, "the audit trail was not pruned");
            }
            Err(Failure::Fault(fault)) => return Err(fault),
        }
    }
    Ok(entries)
}

/// Whether the oldest entry is older, so that there is something to prune.
pub fn begins_before(
    authority: &Authority,
    instance_id: InstanceId,
    before: Timestamp,
) -> Result<bool, Fault> {
    let page = AuditPage { after: None, direction: Direction::Ascending, limit: 1 };
    let filter = AuditFilter::default();
    let oldest = authority.store.read(|reads| reads.list_audit_trail(instance_id, &filter, page))?;
    Ok(oldest.first().is_some_and(|oldest| oldest.entry.at < before))
}

/// Verifies the whole trail, and finds where the stretch ends that is older than `before`.
fn last_to_prune(context: &RegistryContext<'_>, before: Timestamp) -> RegistryResult<ChainHead> {
    let RegistryContext { authority, instance_id, .. } = *context;
    let (mut last, mut passed) = (None, false);
    let verdict = authority.store.read(|reads| {
        walk_trail(reads, instance_id, &authority.seal_keys, None, &mut |entry| {
            passed |= before <= entry.entry.at;
            if !passed {
                last = Some(entry.head(instance_id));
            }
        })
    })?;
    match verdict {
        TrailVerdict::Judged(Verdict::Broken(found)) => Err(RegistryDenial::AuditChainBroken(found).into()),
        TrailVerdict::Unreadable { .. } => Err(RegistryDenial::AuditChainUnproven.into()),
        TrailVerdict::Judged(Verdict::Unproven(checked)) if is_head_doubtful(&checked) => {
            Err(RegistryDenial::AuditChainUnproven.into())
        }
        // A segment that was sealed under a key that is lost stays unproven for ever.
        TrailVerdict::Judged(Verdict::Intact(_) | Verdict::Unproven(_) | Verdict::Partial(_))
        | TrailVerdict::Empty => Ok(last.ok_or(RegistryDenial::NothingToPrune)?),
    }
}

fn is_head_doubtful(checked: &Checked) -> bool {
    checked.doubts.iter().any(|doubt| match doubt {
        Doubt::HeadSeal(_) => true,
        Doubt::SegmentSeal { .. } | Doubt::AnchorPruned { .. } | Doubt::AnchorNotIncluded { .. } => false,
    })
}

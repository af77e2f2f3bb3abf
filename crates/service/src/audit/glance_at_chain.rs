//! A glance at the end of an instance's chain, for pages: whether its newest entries hold together and end where the seal
//! says. It costs the same however long the chain is; a verification of all of it is elsewhere.

use turnkeep_audit::chain::ChainedEntry;
use turnkeep_audit::seal::SealKeys;
use turnkeep_audit::verify::{ChainVerifier, Verdict};
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::Reads;

use crate::audit::walk_trail::TrailVerdict;
use crate::registry::context::{Extent, RegistryContext, RegistryResult};

/// How many entries are looked at.
const NEWEST: AuditPage = AuditPage { after: None, direction: Direction::Descending, limit: 100 };

/// How the chain looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainLook {
    /// There is nothing yet.
    Empty,
    /// What was looked at is in order, and the seal at the end is genuine.
    Sound,
    /// What was looked at is in order, but a seal was made under a master key that is not here.
    Unproven,
    /// Something was changed, added or removed.
    Broken,
}

/// What a glance tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainGlance {
    /// How the chain looks.
    pub look: ChainLook,
    /// What exactly was found, counted from the first entry that was looked at. Operators only: it tells how much goes on
    /// in every tenant.
    pub verdict: Option<TrailVerdict>,
}

/// Glances at the chain of the instance, for everybody who reads a part of its trail.
pub fn glance_at_chain(context: &RegistryContext<'_>) -> RegistryResult<ChainGlance> {
    context.require_read("audit.read", None, Permission::ReadAudit)?;
    let keys = &context.authority.seal_keys;
    let verdict = context.authority.store.read(|reads| judge_newest(reads, context.instance_id, keys))?;
    let look = match &verdict {
        TrailVerdict::Empty => ChainLook::Empty,
        TrailVerdict::Judged(Verdict::Intact(_) | Verdict::Partial(_)) => ChainLook::Sound,
        TrailVerdict::Judged(Verdict::Unproven(_)) => ChainLook::Unproven,
        TrailVerdict::Judged(Verdict::Broken(_)) | TrailVerdict::Unreadable { .. } => ChainLook::Broken,
    };
    let verdict = match context.extent()? {
        Extent::Instance => Some(verdict),
        Extent::Tenant(_) => None,
    };
    Ok(ChainGlance { look, verdict })
}

fn judge_newest(
    reads: &mut dyn Reads,
    instance_id: InstanceId,
    keys: &SealKeys,
) -> StoreResult<TrailVerdict> {
    match judge_readable(reads, instance_id, keys) {
        Err(StoreError::Corrupt { table, column }) => Ok(TrailVerdict::Unreadable { table, column }),
        judged => judged,
    }
}

fn judge_readable(
    reads: &mut dyn Reads,
    instance_id: InstanceId,
    keys: &SealKeys,
) -> StoreResult<TrailVerdict> {
    let (segments, head) = (reads.list_audit_segments(instance_id)?, reads.audit_head(instance_id)?);
    let newest = reads.list_audit_trail(instance_id, &AuditFilter::default(), NEWEST)?;
    if head.is_none() && segments.is_empty() && newest.is_empty() {
        return Ok(TrailVerdict::Empty);
    }
    let mut verifier = ChainVerifier::new(instance_id, &segments, Some(keys));
    if let Some(first) = newest.last().filter(|_| is_part(&newest)) {
        verifier = verifier.beginning_at(first);
    }
    for entry in newest.iter().rev() {
        verifier.feed(entry);
    }
    Ok(TrailVerdict::Judged(verifier.finish(head.as_ref())))
}

/// Whether there may be more than these.
fn is_part(newest: &[ChainedEntry]) -> bool {
    u32::try_from(newest.len()).is_ok_and(|entries| entries == NEWEST.limit)
}

//! Where the chain of an instance begins and ends, and whether its seals are genuine. Whether the entries in
//! between are is for a verification to say.

use turnkeep_audit::seal::{SealCheck, SealedHead};
use turnkeep_audit::segment::SealedSegment;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::page::{AuditPage, Direction};

use crate::registry::context::{RegistryContext, RegistryResult};
use turnkeep_policy::permission::Permission;

/// The chain from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainState {
    /// The end; `None` if nothing was ever written.
    pub head: Option<(SealedHead, SealCheck)>,
    /// The position of the first entry that is still there; `None` if none is.
    pub first_position: Option<u64>,
    /// What remains of pruned entries, in the order of positions.
    pub segments: Vec<(SealedSegment, SealCheck)>,
}

/// The chain of the instance. Operators only: it tells how much goes on in every tenant.
pub fn show_chain(context: &RegistryContext<'_>) -> RegistryResult<ChainState> {
    context.require_read("audit_chain.read", None, Permission::Operate)?;
    let (instance_id, keys) = (context.instance_id, &context.authority.seal_keys);
    let first = AuditPage { after: None, direction: Direction::Ascending, limit: 1 };
    let state = context.authority.store.read(|reads| {
        let entries = reads.list_audit_trail(instance_id, &AuditFilter::default(), first)?;
        let segments = reads.list_audit_segments(instance_id)?;
        Ok(ChainState {
            head: reads.audit_head(instance_id)?.map(|head| (head, keys.check_head(&head))),
            first_position: entries.first().map(|first| first.entry.position),
            segments: segments.into_iter().map(|sealed| (sealed, keys.check_segment(&sealed))).collect(),
        })
    });
    Ok(state?)
}

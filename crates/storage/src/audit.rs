//! The audit trail: a chain of entries for each instance.
//!
//! What is appended was linked and sealed by the caller, who holds the instance's head from then to the commit.

use turnkeep_audit::chain::ChainedEntry;
use turnkeep_audit::seal::SealedHead;
use turnkeep_audit::segment::SealedSegment;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::{AuditEventId, InstanceId};
use turnkeep_domain::page::AuditPage;

use crate::error::StoreResult;
use crate::outcome::Updated;

/// Reads of the audit trail.
pub trait AuditReads {
    /// Entries of an instance by position.
    fn list_audit_trail(
        &mut self,
        instance_id: InstanceId,
        filter: &AuditFilter,
        page: AuditPage,
    ) -> StoreResult<Vec<ChainedEntry>>;
    /// One entry.
    fn find_audit_entry(
        &mut self,
        instance_id: InstanceId,
        id: AuditEventId,
    ) -> StoreResult<Option<ChainedEntry>>;
    /// The end of the chain; `None` before the first entry.
    fn audit_head(&mut self, instance_id: InstanceId) -> StoreResult<Option<SealedHead>>;
    /// What remains of pruned entries, by position.
    fn list_audit_segments(&mut self, instance_id: InstanceId) -> StoreResult<Vec<SealedSegment>>;
}

/// Additions to the audit trail, in the transaction of what they are about.
pub trait AuditAppend {
    /// The end of the chain, which nobody else can move until this transaction ends.
    fn lock_audit_head(&mut self, instance_id: InstanceId) -> StoreResult<Option<SealedHead>>;
    /// Adds entries behind the head and puts the new head in its place.
    fn append_audit_entries(&mut self, entries: &[ChainedEntry], head: &SealedHead) -> StoreResult<()>;
}

/// What happens to the trail in the end.
pub trait AuditRetention {
    /// Puts a sealed segment in the place of its entries; returns how many there were.
    fn prune_audit_trail(&mut self, segment: &SealedSegment) -> StoreResult<u64>;
    /// Gives a segment another seal. Of the segment itself nothing can be changed.
    fn reseal_audit_segment(&mut self, segment: &SealedSegment) -> StoreResult<Updated>;
}

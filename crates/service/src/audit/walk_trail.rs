//! One walk along a chain in one transaction, page by page, so that a chain of any length needs the same memory.

use turnkeep_audit::anchor::Anchor;
use turnkeep_audit::chain::ChainedEntry;
use turnkeep_audit::seal::{SealKeys, SealedHead};
use turnkeep_audit::verify::{ChainVerifier, Verdict};
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::page::{AuditPage, Direction};
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::Reads;

/// How many entries are in memory at once.
const PAGE: u32 = 500;

/// What a walk along the stored chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrailVerdict {
    /// There is nothing: the instance is older than its chain, and nothing happened since.
    Empty,
    /// As the chain's verification says.
    Judged(Verdict),
    /// The head or a segment cannot be read: it was changed.
    Unreadable {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
}

impl TrailVerdict {
    /// Whether something is wrong, which is more than that something could not be judged.
    pub fn is_broken(&self) -> bool {
        match self {
            Self::Judged(Verdict::Broken(_)) | Self::Unreadable { .. } => true,
            Self::Empty | Self::Judged(Verdict::Intact(_) | Verdict::Unproven(_) | Verdict::Partial(_)) => {
                false
            }
        }
    }
}

/// Verifies the chain of an instance as of one moment. `visit` sees each entry that holds, in its order.
pub(crate) fn walk_trail<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    keys: &SealKeys,
    anchor: Option<Anchor>,
    visit: &mut dyn FnMut(&ChainedEntry),
) -> StoreResult<TrailVerdict> {
    walk(reads, instance_id, keys, anchor, |sealed| sealed, visit)
}

/// Verifies all but the seal of the head: as if the head that is there were genuine. Of use only to somebody who
/// knows from elsewhere that it is.
pub(crate) fn walk_trail_to_trusted_head<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    keys: &SealKeys,
    anchor: Anchor,
) -> StoreResult<TrailVerdict> {
    walk(reads, instance_id, keys, Some(anchor), |sealed| keys.seal_head(sealed.head), &mut |_| ())
}

fn walk<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    keys: &SealKeys,
    anchor: Option<Anchor>,
    head_as: impl FnOnce(SealedHead) -> SealedHead,
    visit: &mut dyn FnMut(&ChainedEntry),
) -> StoreResult<TrailVerdict> {
    let (segments, head) = match (reads.list_audit_segments(instance_id), reads.audit_head(instance_id)) {
        (Ok(segments), Ok(head)) => (segments, head),
        (Err(StoreError::Corrupt { table, column }), _) | (_, Err(StoreError::Corrupt { table, column })) => {
            return Ok(TrailVerdict::Unreadable { table, column });
        }
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    let mut verifier = ChainVerifier::new(instance_id, &segments, Some(keys));
    if let Some(anchor) = anchor {
        verifier = verifier.with_anchor(anchor);
    }
    let mut last = None;
    while verifier.first_break().is_none() {
        match next_page(reads, instance_id, last)? {
            Step::Entries(entries) => {
                let Some(end) = entries.last() else { break };
                last = Some(end.entry.position);
                feed(&mut verifier, &entries, visit);
            }
            Step::Unreadable(position) => verifier.feed_unreadable(position),
        }
    }
    let before_any_chain = head.is_none() && segments.is_empty() && last.is_none();
    if before_any_chain && anchor.is_none() && verifier.first_break().is_none() {
        return Ok(TrailVerdict::Empty);
    }
    Ok(TrailVerdict::Judged(verifier.finish(head.map(head_as).as_ref())))
}

fn feed(verifier: &mut ChainVerifier<'_>, entries: &[ChainedEntry], visit: &mut dyn FnMut(&ChainedEntry)) {
    for entry in entries {
        verifier.feed(entry);
        if verifier.first_break().is_some() {
            return;
        }
        visit(entry);
    }
}

enum Step {
    Entries(Vec<ChainedEntry>),
    Unreadable(u64),
}

/// The entries after a position; should one of a page be unreadable, they come one by one up to it.
fn next_page<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    after: Option<u64>,
) -> StoreResult<Step> {
    let mut read = |limit| {
        let page = AuditPage { after, direction: Direction::Ascending, limit };
        reads.list_audit_trail(instance_id, &AuditFilter::default(), page)
    };
    let mut read_page = read(PAGE);
    if let Err(StoreError::Corrupt { .. }) = read_page {
        read_page = read(1);
    }
    match read_page {
        Ok(entries) => Ok(Step::Entries(entries)),
        Err(StoreError::Corrupt { .. }) => Ok(Step::Unreadable(after.unwrap_or(0).saturating_add(1))),
        Err(error) => Err(error),
    }
}

//! The change log: the order in which accesses were changed.

use turnkeep_domain::change::{Change, ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;

/// Reads of the change log.
pub trait ChangeLogReads {
    /// The last committed change.
    fn change_sequence(&mut self) -> StoreResult<ChangeSequence>;
    /// The changes after this one in their order, so many at most. The oldest may have been purged: what is missing
    /// shows as a gap.
    fn list_changes(&mut self, after: ChangeSequence, limit: u32) -> StoreResult<Vec<Change>>;
    /// Those with which tokens died and that were made after this time, in their order.
    fn list_kills(&mut self, made_after: Timestamp) -> StoreResult<Vec<Change>>;
}

/// Additions to the change log.
pub trait ChangeLogWrites {
    /// Adds a change and returns its place in the order. Sequences have no gaps and follow the order of commits.
    fn record_change(
        &mut self,
        scope: ChangeScope,
        tokens_before: TokensBefore,
        at: Timestamp,
    ) -> StoreResult<ChangeSequence>;
}

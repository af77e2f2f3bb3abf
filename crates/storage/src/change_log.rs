//! The change log: the order in which accesses were changed.

use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;

/// Reads of the change log.
pub trait ChangeLogReads {
    /// The last committed change.
    fn change_sequence(&mut self) -> StoreResult<ChangeSequence>;
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

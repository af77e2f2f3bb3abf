//! Hints that something has changed. They only make things faster: whoever misses one finds the change by polling.

use crate::error::StoreResult;

/// A way by which a database tells of changes.
pub trait ChangeHints: Send {
    /// Whether anything has changed since the last call. Does not wait. After an error it is of no more use.
    fn arrived(&mut self) -> StoreResult<bool>;
}

//! A mutating transaction that may be thrown away as a whole although nothing failed: how a dry run does exactly what
//! the real one does, and how an import leaves nothing behind when a record in the middle is refused.

use turnkeep_storage::error::StoreError;
use turnkeep_storage::store::{Store, Writes};

use crate::failure::Fault;
use crate::transaction;

/// What becomes of all that a transaction wrote.
pub(super) enum Ending<T> {
    /// It stays.
    Commit(T),
    /// It never was.
    Discard(T),
}

/// Runs the work and then keeps or discards what it wrote; any fault discards it too.
pub(super) fn mutate_or_discard<T>(
    store: &dyn Store,
    work: impl FnOnce(&mut dyn Writes) -> Result<Ending<T>, Fault>,
) -> Result<T, Fault> {
    let mut discarded = None;
    let ended = transaction::mutate(store, |writes| match work(writes)? {
        Ending::Commit(value) => Ok(value),
        Ending::Discard(value) => {
            discarded = Some(value);
            // Only an error rolls back.
            Err(Fault::Store(StoreError::Database("discarded by design".into())))
        }
    });
    match discarded {
        Some(value) => Ok(value),
        None => ended,
    }
}

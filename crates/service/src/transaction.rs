//! A mutating transaction whose work may meet any fault, not only one of the database.

use turnkeep_storage::error::StoreError;
use turnkeep_storage::store::{Store, Writes};

use crate::failure::Fault;

/// Commits when the work returns `Ok` (which may hold a denial), rolls back on any fault.
pub(crate) fn mutate<T>(
    store: &dyn Store,
    work: impl FnOnce(&mut dyn Writes) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let mut other = None;
    let ended = store.mutate(|writes| match work(writes) {
        Ok(value) => Ok(value),
        Err(Fault::Store(error)) => Err(error),
        Err(fault) => {
            other = Some(fault);
            Err(StoreError::Database("rolled back after a fault outside of the database".into()))
        }
    });
    match other {
        Some(fault) => Err(fault),
        None => Ok(ended?),
    }
}

//! Transactions whose work may meet any fault, not only one of the database.

use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::{Admits, Reads, Store, Writes};

use crate::failure::{Failure, Fault};

/// Reads something as of one moment, or finds that it is denied.
pub(crate) fn read<T, D>(
    store: &dyn Store,
    work: impl FnOnce(&mut dyn Reads) -> Result<T, Failure<D>>,
) -> Result<T, Failure<D>> {
    store.read(|reads| match work(reads) {
        Err(Failure::Fault(Fault::Store(error))) => Err(error),
        ended => Ok(ended),
    })?
}

/// Changes something. Commits when the work returns `Ok` (which may hold a denial), rolls back on any fault.
pub(crate) fn mutate<T>(
    store: &dyn Store,
    work: impl FnOnce(&mut dyn Writes) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let mut other = None;
    let ended = store.mutate(|writes| set_aside(work(writes), &mut other));
    other.map_or_else(|| Ok(ended?), Err)
}

/// The same for what lets people in.
pub(crate) fn admit<T>(
    store: &dyn Store,
    work: impl FnOnce(&mut dyn Admits) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let mut other = None;
    let ended = store.admit(|admits| set_aside(work(admits), &mut other));
    other.map_or_else(|| Ok(ended?), Err)
}

fn set_aside<T>(done: Result<T, Fault>, other: &mut Option<Fault>) -> StoreResult<T> {
    done.map_err(|fault| match fault {
        Fault::Store(error) => error,
        fault => {
            *other = Some(fault);
            StoreError::Database("rolled back after a fault outside of the database".into())
        }
    })
}

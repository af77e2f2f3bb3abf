//! Values of `guess_counts`.

use turnkeep_storage::error::StoreResult;

use super::cell::cell;

/// A number of failures.
pub(crate) fn read_failures(failures: i64) -> StoreResult<u64> {
    cell("guess_counts", "failures").number(failures)
}

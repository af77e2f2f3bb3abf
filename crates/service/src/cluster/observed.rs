//! What the changes of a request waited for, for whoever answers it.

use std::cell::Cell;

use crate::cluster::propagation::Propagation;

thread_local! {
    /// Of the use case that runs on this thread.
    static LATEST: Cell<Option<Propagation>> = const { Cell::new(None) };
}

/// Runs a use case; with its result comes what the last change that it made has waited for, if it made any.
pub fn observe<T>(use_case: impl FnOnce() -> T) -> (T, Option<Propagation>) {
    LATEST.set(None);
    let result = use_case();
    (result, LATEST.take())
}

/// A change has got everywhere.
pub(crate) fn note(propagation: Propagation) {
    LATEST.set(Some(propagation));
}

//! A refusal whose answer waits for its turn, counted for as long as it does.

use std::sync::atomic::{AtomicUsize, Ordering};

/// A refusal that waits.
#[must_use]
pub(crate) struct Parked<'a>(&'a AtomicUsize);

impl<'a> Parked<'a> {
    /// One more in this count, until what is returned is dropped.
    pub(crate) fn in_place(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Parked<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

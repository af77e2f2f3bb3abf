//! A cap on how many requests are worked on at once; what is over it is refused at once instead of queued.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The cap. Clones share it.
#[derive(Debug, Clone)]
pub struct InFlightLimit(Arc<Places>);

#[derive(Debug)]
struct Places {
    taken: AtomicUsize,
    limit: AtomicUsize,
}

/// One place under the cap; given back when dropped.
#[derive(Debug)]
#[must_use]
pub struct InFlightPermit(Arc<Places>);

impl InFlightLimit {
    /// At most `limit` at once.
    pub fn new(limit: usize) -> Self {
        Self(Arc::new(Places { taken: AtomicUsize::new(0), limit: AtomicUsize::new(limit) }))
    }

    /// A place, if there is one.
    pub fn try_enter(&self) -> Option<InFlightPermit> {
        self.try_enter_watching().map(|(permit, _)| permit)
    }

    /// A place, if there is one, and whether it was the last.
    pub(crate) fn try_enter_watching(&self) -> Option<(InFlightPermit, bool)> {
        let limit = self.limit();
        let entered = self
            .0
            .taken
            .try_update(Ordering::AcqRel, Ordering::Acquire, |taken| (taken < limit).then(|| taken + 1));
        entered.ok().map(|before| (InFlightPermit(Arc::clone(&self.0)), limit <= before + 1))
    }

    /// How many are worked on right now. May be above a cap that has just been lowered.
    pub fn in_flight(&self) -> usize {
        self.0.taken.load(Ordering::Acquire)
    }

    /// How many places there are.
    pub(crate) fn limit(&self) -> usize {
        self.0.limit.load(Ordering::Acquire)
    }

    /// Has so many places from now on. Who has one keeps it.
    pub(crate) fn set_limit(&self, limit: usize) {
        self.0.limit.store(limit, Ordering::Release);
    }
}

impl Drop for InFlightPermit {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_once_its_permit_is_dropped() {
        let limit = InFlightLimit::new(2);
        let first = limit.try_enter().unwrap();
        let _second = limit.clone().try_enter().unwrap();
        assert!(limit.try_enter().is_none());
        assert_eq!(limit.in_flight(), 2);
        drop(first);
        assert!(limit.try_enter().is_some());
    }

    #[test]
    fn threads_never_exceed_the_limit_together() {
        let limit = InFlightLimit::new(3);
        let entered: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| (0..10).filter_map(|_| limit.try_enter()).collect::<Vec<_>>()))
                .collect();
            // Permits are kept until every thread has tried.
            let permits: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
            permits.iter().map(Vec::len).sum()
        });
        assert_eq!(entered, 3);
        assert_eq!(limit.in_flight(), 0);
    }
}

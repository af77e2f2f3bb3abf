//! A store whose mutations return when they are everywhere: no use case can forget to wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use turnkeep_domain::change::ChangeSequence;
use turnkeep_storage::change_hints::ChangeHints;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::{AdmitWork, BookkeepingWork, MutateWork, ReadWork, Store};

use crate::clock::Clock;
use crate::cluster::follower::Follower;
use crate::cluster::observed;
use crate::cluster::propagation::{Propagation, await_propagation, wait_out};

/// What all mutations of this process have waited for, for metrics.
#[derive(Debug, Default)]
pub(crate) struct PropagationTotals {
    pub(crate) mutations: AtomicU64,
    pub(crate) waited_micros: AtomicU64,
    pub(crate) fenced: AtomicU64,
}

/// The store of an [`Authority`](crate::authority::Authority).
pub(crate) struct PropagatingStore {
    inner: Arc<dyn Store>,
    follower: Arc<Follower>,
    clock: Arc<dyn Clock>,
    totals: Arc<PropagationTotals>,
}

impl PropagatingStore {
    /// Around a database.
    pub(crate) fn around(
        inner: Arc<dyn Store>,
        follower: Arc<Follower>,
        clock: Arc<dyn Clock>,
        totals: Arc<PropagationTotals>,
    ) -> Self {
        Self { inner, follower, clock, totals }
    }

    /// After a commit, or a look at what others have committed.
    fn propagate(&self, sequence: ChangeSequence) -> Propagation {
        let committed = self.clock.since_boot();
        let propagation = match self.follower.catch_up() {
            Ok(()) => {
                let own = self.follower.node();
                await_propagation(&*self.inner, &*self.clock, sequence, committed, own)
            }
            Err(error) => {
                // What this node has in memory must not be served until it has caught up. The database is not asked
                // who else is behind: it may take long not to answer.
                tracing::warn!(error = %error, "changes could not be applied; serving nothing until they are");
                self.follower.lease.end();
                wait_out(&*self.clock, sequence, committed)
            }
        };
        self.count(&propagation);
        propagation
    }

    /// A change that found everything as it should become may repeat one whose caller got no answer: what it found has to
    /// be everywhere as well. A lone node acknowledges its changes with their commit, so whoever has not been beside it
    /// for the time of a lease cannot rely on that.
    fn propagate_found(&self) -> StoreResult<()> {
        let own = u32::from(self.follower.node().is_some());
        let (sequence, nodes) =
            self.inner.read(|reads| Ok((reads.change_sequence()?, reads.count_nodes()?)))?;
        if own < nodes && !self.follower.is_established() {
            let looked = self.clock.since_boot();
            self.count(&wait_out(&*self.clock, sequence, looked));
        } else {
            self.propagate(sequence);
        }
        Ok(())
    }

    fn count(&self, propagation: &Propagation) {
        let micros = u64::try_from(propagation.waited.as_micros()).unwrap_or(u64::MAX);
        let fenced = u64::try_from(propagation.fenced).unwrap_or(u64::MAX);
        self.totals.mutations.fetch_add(1, Ordering::Relaxed);
        self.totals.waited_micros.fetch_add(micros, Ordering::Relaxed);
        self.totals.fenced.fetch_add(fenced, Ordering::Relaxed);
    }
}

impl Store for PropagatingStore {
    fn read_erased(&self, work: ReadWork<'_>) -> StoreResult<()> {
        self.inner.read_erased(work)
    }

    fn mutate_erased(&self, work: MutateWork<'_>) -> StoreResult<Option<ChangeSequence>> {
        let mut acknowledged = None;
        let changed = self.inner.mutate_erased(&mut |writes| {
            let before = writes.change_sequence()?;
            work(writes)?;
            acknowledged = self.follower.acknowledge_within(writes, before)?;
            Ok(())
        })?;
        self.follower.note_acknowledged(acknowledged);
        match changed {
            Some(sequence) => observed::note(self.propagate(sequence)),
            None => self.propagate_found()?,
        }
        Ok(changed)
    }

    fn admit_erased(&self, work: AdmitWork<'_>) -> StoreResult<()> {
        self.inner.admit_erased(work)
    }

    fn keep_books_erased(&self, work: BookkeepingWork<'_>) -> StoreResult<()> {
        self.inner.keep_books_erased(work)
    }

    fn change_hints(&self) -> StoreResult<Option<Box<dyn ChangeHints>>> {
        self.inner.change_hints()
    }
}

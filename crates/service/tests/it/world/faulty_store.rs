//! A database that fails at the end of a transaction, when everything has been written but the commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use turnkeep_domain::change::ChangeSequence;
use turnkeep_storage::change_hints::ChangeHints;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::{AdmitWork, BookkeepingWork, MutateWork, ReadWork, Store};

/// Works until it is told to fail.
pub(crate) struct FaultyStore {
    inner: Arc<dyn Store>,
    failing: AtomicBool,
}

impl FaultyStore {
    /// Around a good one.
    pub(crate) fn around(inner: &Arc<dyn Store>) -> Arc<Self> {
        Arc::new(Self { inner: Arc::clone(inner), failing: AtomicBool::new(false) })
    }

    /// From now on every commit fails, or none.
    pub(crate) fn set_failing(&self, failing: bool) {
        self.failing.store(failing, Ordering::SeqCst);
    }

    fn before_commit(&self) -> StoreResult<()> {
        if self.failing.load(Ordering::SeqCst) {
            return Err(StoreError::Database("the disk is full".into()));
        }
        Ok(())
    }
}

impl Store for FaultyStore {
    fn read_erased(&self, work: ReadWork<'_>) -> StoreResult<()> {
        self.inner.read_erased(work)
    }

    fn mutate_erased(&self, work: MutateWork<'_>) -> StoreResult<Option<ChangeSequence>> {
        self.inner.mutate_erased(&mut |writes| {
            work(writes)?;
            self.before_commit()
        })
    }

    fn admit_erased(&self, work: AdmitWork<'_>) -> StoreResult<()> {
        self.inner.admit_erased(&mut |admits| {
            work(admits)?;
            self.before_commit()
        })
    }

    fn keep_books_erased(&self, work: BookkeepingWork<'_>) -> StoreResult<()> {
        self.inner.keep_books_erased(&mut |books| {
            work(books)?;
            self.before_commit()
        })
    }

    fn change_hints(&self) -> StoreResult<Option<Box<dyn ChangeHints>>> {
        self.inner.change_hints()
    }
}

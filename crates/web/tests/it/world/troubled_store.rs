//! A database that can be told to be in trouble.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use turnkeep_domain::change::ChangeSequence;
use turnkeep_storage::change_hints::ChangeHints;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::{AdmitWork, BookkeepingWork, MutateWork, ReadWork, Store};
use turnkeep_storage_diesel::diesel_store::DieselStore;

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    Unavailable,
    Broken,
    Panic,
    /// It answers nothing until there is another trouble, or none.
    Held,
    /// The same for transactions that let somebody in; everything else is answered.
    AdmissionsHeld,
}

const HELD: u8 = 4;
const ADMISSIONS_HELD: u8 = 5;

/// A good database until it is told otherwise.
pub(crate) struct TroubledStore {
    inner: DieselStore,
    trouble: AtomicU8,
    held: AtomicUsize,
}

impl TroubledStore {
    pub(crate) fn around(inner: DieselStore) -> Arc<Self> {
        Arc::new(Self { inner, trouble: AtomicU8::new(0), held: AtomicUsize::new(0) })
    }

    pub(crate) fn set(&self, trouble: Trouble) {
        let number = match trouble {
            Trouble::None => 0,
            Trouble::Unavailable => 1,
            Trouble::Broken => 2,
            Trouble::Panic => 3,
            Trouble::Held => HELD,
            Trouble::AdmissionsHeld => ADMISSIONS_HELD,
        };
        self.trouble.store(number, Ordering::SeqCst);
    }

    /// Sets a trouble that ends with what is returned, also when a test fails: nobody waits for ever then.
    pub(crate) fn troubled(&self, trouble: Trouble) -> Troubled<'_> {
        self.set(trouble);
        Troubled(self)
    }

    /// How many wait for an answer right now.
    pub(crate) fn held(&self) -> usize {
        self.held.load(Ordering::SeqCst)
    }

    fn hold(&self, is_held: impl Fn(u8) -> bool) {
        if !is_held(self.trouble.load(Ordering::SeqCst)) {
            return;
        }
        self.held.fetch_add(1, Ordering::SeqCst);
        while is_held(self.trouble.load(Ordering::SeqCst)) {
            std::thread::yield_now();
        }
        self.held.fetch_sub(1, Ordering::SeqCst);
    }

    fn check(&self) -> StoreResult<()> {
        self.hold(|trouble| trouble == HELD);
        match self.trouble.load(Ordering::SeqCst) {
            0 | ADMISSIONS_HELD => Ok(()),
            1 => Err(StoreError::Unavailable("no connection to db.internal:5432".into())),
            2 => Err(StoreError::Database("syntax error in SELECT secret FROM apps".into())),
            _ => panic!("in the middle of a grant"),
        }
    }
}

/// A trouble that ends when it is dropped.
pub(crate) struct Troubled<'a>(&'a TroubledStore);

impl Drop for Troubled<'_> {
    fn drop(&mut self) {
        self.0.set(Trouble::None);
    }
}

impl Store for TroubledStore {
    fn read_erased(&self, work: ReadWork<'_>) -> StoreResult<()> {
        self.check()?;
        self.inner.read_erased(work)
    }

    fn mutate_erased(&self, work: MutateWork<'_>) -> StoreResult<Option<ChangeSequence>> {
        self.check()?;
        self.inner.mutate_erased(work)
    }

    fn admit_erased(&self, work: AdmitWork<'_>) -> StoreResult<()> {
        self.hold(|trouble| trouble == ADMISSIONS_HELD);
        self.check()?;
        self.inner.admit_erased(work)
    }

    fn keep_books_erased(&self, work: BookkeepingWork<'_>) -> StoreResult<()> {
        self.check()?;
        self.inner.keep_books_erased(work)
    }

    fn change_hints(&self) -> StoreResult<Option<Box<dyn ChangeHints>>> {
        self.inner.change_hints()
    }
}

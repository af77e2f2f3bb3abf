//! A database with something that happens before each transaction, which may also fail it.

use std::sync::{Arc, Mutex};

use turnkeep_domain::change::ChangeSequence;
use turnkeep_storage::change_hints::ChangeHints;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::{AdmitWork, BookkeepingWork, MutateWork, ReadWork, Store};

/// A kind of transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Mutate,
    Admit,
    KeepBooks,
}

type Script = Arc<dyn Fn(Access) -> StoreResult<()> + Send + Sync>;

/// Does what the database behind it does, unless the script says otherwise.
pub(crate) struct ScriptedStore {
    inner: Mutex<Arc<dyn Store>>,
    script: Mutex<Option<Script>>,
}

impl ScriptedStore {
    pub(crate) fn around(inner: &Arc<dyn Store>) -> Arc<Self> {
        Arc::new(Self { inner: Mutex::new(Arc::clone(inner)), script: Mutex::new(None) })
    }

    /// As what an authority takes.
    pub(crate) fn as_store(self: &Arc<Self>) -> Arc<dyn Store> {
        Arc::<Self>::clone(self)
    }

    /// What happens before each transaction from now on.
    pub(crate) fn before_each(&self, script: impl Fn(Access) -> StoreResult<()> + Send + Sync + 'static) {
        *self.script.lock().unwrap() = Some(Arc::new(script));
    }

    /// Nothing happens any more.
    pub(crate) fn heal(&self) {
        *self.script.lock().unwrap() = None;
    }

    /// From now on it is another database.
    pub(crate) fn replace(&self, other: &Arc<dyn Store>) {
        *self.inner.lock().unwrap() = Arc::clone(other);
    }

    fn inner(&self) -> Arc<dyn Store> {
        Arc::clone(&self.inner.lock().unwrap())
    }

    fn before(&self, access: Access) -> StoreResult<()> {
        let script = self.script.lock().unwrap().clone();
        script.map_or(Ok(()), |script| script(access))
    }
}

/// The answer of a database that is not there.
pub(crate) fn gone() -> StoreResult<()> {
    Err(StoreError::Unavailable("no route to the database".into()))
}

impl Store for ScriptedStore {
    fn read_erased(&self, work: ReadWork<'_>) -> StoreResult<()> {
        self.before(Access::Read)?;
        self.inner().read_erased(work)
    }

    fn mutate_erased(&self, work: MutateWork<'_>) -> StoreResult<Option<ChangeSequence>> {
        self.before(Access::Mutate)?;
        self.inner().mutate_erased(work)
    }

    fn admit_erased(&self, work: AdmitWork<'_>) -> StoreResult<()> {
        self.before(Access::Admit)?;
        self.inner().admit_erased(work)
    }

    fn keep_books_erased(&self, work: BookkeepingWork<'_>) -> StoreResult<()> {
        self.before(Access::KeepBooks)?;
        self.inner().keep_books_erased(work)
    }

    fn change_hints(&self) -> StoreResult<Option<Box<dyn ChangeHints>>> {
        self.inner().change_hints()
    }
}

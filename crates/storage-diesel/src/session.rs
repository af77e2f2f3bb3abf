//! An open transaction, as the queries see it.

use diesel::QueryResult;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::{Admits, Reads, Writes};

use crate::connection::AnyConnection;
use crate::store_error::store_error;

/// Implements every trait of `storage`; which of them the work gets to see depends on the kind of transaction.
pub(crate) struct Session<'c> {
    connection: &'c mut AnyConnection,
    failed: bool,
    last_change: Option<ChangeSequence>,
}

impl<'c> Session<'c> {
    pub(crate) fn new(connection: &'c mut AnyConnection) -> Self {
        Self { connection, failed: false, last_change: None }
    }

    /// Runs a query. Once one has failed the transaction cannot commit: PostgreSQL would turn the commit into
    /// a rollback without a word.
    pub(crate) fn run<T>(
        &mut self,
        query: impl FnOnce(&mut AnyConnection) -> QueryResult<T>,
    ) -> StoreResult<T> {
        query(self.connection).map_err(|error| {
            self.failed = true;
            store_error(error)
        })
    }

    /// A change has got its place in the order.
    pub(crate) fn note_change(&mut self, sequence: ChangeSequence) {
        self.last_change = Some(sequence);
    }

    /// The last change that was recorded in this transaction.
    pub(crate) fn last_change(&self) -> Option<ChangeSequence> {
        self.last_change
    }

    /// An error if the work went on after a failed query.
    pub(crate) fn check(&self) -> StoreResult<()> {
        if self.failed {
            return Err(StoreError::Database("the work went on after a failed query".into()));
        }
        Ok(())
    }
}

impl Reads for Session<'_> {}
impl Admits for Session<'_> {}
impl Writes for Session<'_> {}

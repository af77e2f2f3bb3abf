//! An open transaction, as the queries see it.

use diesel::QueryResult;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::{Admits, Reads, Writes};

use crate::connection::AnyConnection;
use crate::store_error::store_error;

/// Why a query failed.
#[derive(Clone, Copy)]
enum Cause {
    Unavailable,
    Fault,
}

impl Cause {
    fn of(error: &StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Unavailable,
            StoreError::Database(_) | StoreError::Corrupt { .. } => Self::Fault,
        }
    }
}

/// Implements every trait of `storage`; which of them the work gets to see depends on the kind of transaction.
pub(crate) struct Session<'c> {
    connection: &'c mut AnyConnection,
    failed: Option<Cause>,
    last_change: Option<ChangeSequence>,
}

impl<'c> Session<'c> {
    pub(crate) fn new(connection: &'c mut AnyConnection) -> Self {
        Self { connection, failed: None, last_change: None }
    }

    /// Runs a query. Once one has failed the transaction cannot commit: PostgreSQL would turn the commit into
    /// a rollback without a word.
    pub(crate) fn run<T>(
        &mut self,
        query: impl FnOnce(&mut AnyConnection) -> QueryResult<T>,
    ) -> StoreResult<T> {
        query(self.connection).map_err(|error| {
            let error = store_error(error);
            self.failed.get_or_insert(Cause::of(&error));
            error
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

    /// An error if the work went on after a failed query. A database that is gone stays what is said of it.
    pub(crate) fn check(&self) -> StoreResult<()> {
        let message = "the work went on after a failed query";
        match self.failed {
            Some(Cause::Unavailable) => Err(StoreError::Unavailable(message.into())),
            Some(Cause::Fault) => Err(StoreError::Database(message.into())),
            None => Ok(()),
        }
    }
}

impl Reads for Session<'_> {}
impl Admits for Session<'_> {}
impl Writes for Session<'_> {}

#[cfg(test)]
mod tests {
    use diesel::result::Error;
    use diesel::{Connection, SqliteConnection};

    use super::*;

    #[test]
    fn work_that_went_on_after_a_failed_query_fails_for_the_reason_of_the_first() {
        for (errors, unavailable) in [
            (vec![Error::BrokenTransactionManager], true),
            (vec![Error::BrokenTransactionManager, Error::NotFound], true),
            (vec![Error::NotFound, Error::BrokenTransactionManager], false),
        ] {
            let mut connection = AnyConnection::Sqlite(SqliteConnection::establish(":memory:").unwrap());
            let mut session = Session::new(&mut connection);
            session.check().unwrap();
            for error in errors {
                session.run::<()>(|_| Err(error)).unwrap_err();
            }
            let told = session.check().unwrap_err();
            assert_eq!(matches!(told, StoreError::Unavailable(_)), unavailable, "{told}");
        }
    }
}

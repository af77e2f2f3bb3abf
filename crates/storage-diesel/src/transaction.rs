//! Begins and ends transactions. Whatever happens inside, the connection is usable again or marked as broken.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::{QueryResult, RunQueryDsl};
use turnkeep_storage::error::{StoreError, StoreResult};

use crate::change_hints::NOTIFY;
use crate::connection::AnyConnection;
use crate::pool::PooledConnection;
use crate::session::Session;
use crate::store_error::store_error;

/// The kinds of `turnkeep_storage::store::Store`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Reads, as of one moment.
    Read,
    /// Changes of the registry, one after the other in the whole cluster.
    Mutate,
    /// What lets people in.
    Admit,
    /// Notes.
    KeepBooks,
}

impl Kind {
    fn begin_sqlite(self) -> &'static str {
        match self {
            Self::Read => "BEGIN",
            Self::Mutate | Self::Admit | Self::KeepBooks => "BEGIN IMMEDIATE",
        }
    }

    fn begin_postgres(self) -> &'static str {
        match self {
            Self::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Self::Mutate | Self::Admit | Self::KeepBooks => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        }
    }
}

/// Why a transaction did not commit.
pub(crate) enum TransactionError {
    /// It did not even begin, as the connection was cut off while it lay in the pool.
    CutOff(StoreError),
    /// It began, or could not because somebody else holds the database.
    Failed(StoreError),
}

/// Begins a transaction, which lasts until it is committed or dropped.
pub(crate) struct Transaction<'c> {
    connection: &'c mut PooledConnection,
    open: bool,
}

impl<'c> Transaction<'c> {
    pub(crate) fn begin(connection: &'c mut PooledConnection, kind: Kind) -> Result<Self, TransactionError> {
        match begin(&mut connection.any, kind) {
            Ok(()) => Ok(Self { connection, open: true }),
            Err(error) => {
                let error = store_error(error);
                match &connection.any {
                    // SQLite is a file: a failed BEGIN says that somebody else has it.
                    AnyConnection::Sqlite(_) => Err(TransactionError::Failed(error)),
                    AnyConnection::Postgres(_) => {
                        connection.broken = true;
                        Err(TransactionError::CutOff(error))
                    }
                }
            }
        }
    }

    /// Takes the one row that all mutations of the cluster take first. SQLite's `BEGIN IMMEDIATE` did the same.
    pub(crate) fn lock_change_counter(&mut self) -> StoreResult<()> {
        match &mut self.connection.any {
            AnyConnection::Sqlite(_) => Ok(()),
            AnyConnection::Postgres(connection) => {
                diesel::sql_query("SELECT sequence FROM change_counter WHERE id = 1 FOR UPDATE")
                    .execute(connection)
                    .map(|_| ())
                    .map_err(store_error)
            }
        }
    }

    /// Lets those who listen know of the change, once it is committed. SQLite has nobody who listens.
    pub(crate) fn notify_of_change(&mut self) -> StoreResult<()> {
        match &mut self.connection.any {
            AnyConnection::Sqlite(_) => Ok(()),
            AnyConnection::Postgres(connection) => {
                diesel::sql_query(NOTIFY).execute(connection).map(|_| ()).map_err(store_error)
            }
        }
    }

    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.connection.any
    }

    pub(crate) fn session(&mut self) -> Session<'_> {
        Session::new(&mut self.connection.any)
    }

    /// Ends it well. If this fails it is not known whether the commit took place.
    pub(crate) fn commit(mut self) -> StoreResult<()> {
        commit(&mut self.connection.any).map_err(store_error)?;
        self.open = false;
        Ok(())
    }
}

/// Rolls back what was not committed, also when the work panicked.
impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open && rollback(&mut self.connection.any).is_err() {
            self.connection.broken = true;
        }
    }
}

fn begin(connection: &mut AnyConnection, kind: Kind) -> QueryResult<()> {
    match connection {
        AnyConnection::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(c, kind.begin_postgres()),
        AnyConnection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, kind.begin_sqlite()),
    }
}

fn commit(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Postgres(c) => AnsiTransactionManager::commit_transaction(c),
        AnyConnection::Sqlite(c) => AnsiTransactionManager::commit_transaction(c),
    }
}

fn rollback(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Postgres(c) => AnsiTransactionManager::rollback_transaction(c),
        AnyConnection::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c),
    }
}

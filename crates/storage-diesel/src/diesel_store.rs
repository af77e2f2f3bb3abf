//! The store: which connection a transaction gets, and its course.

use std::fmt;
use std::time::Duration;

use diesel::r2d2::{Pool, PooledConnection};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_storage::change_hints::ChangeHints;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::{AdmitWork, BookkeepingWork, MutateWork, ReadWork, Store};

use crate::change_hints::PostgresHints;
use crate::connection::{Purpose, open};
use crate::database_url::{DatabaseUrl, Location};
use crate::migrations;
use crate::pool::{ConnectError, Manager, Notifications, PoolOptions, pool};
use crate::session::Session;
use crate::transaction::{Kind, Transaction, TransactionError};

/// A database through Diesel.
///
/// Each has one connection for mutations. A database in memory has only that one for everything, so a
/// transaction on it must not wait for another of the same thread.
pub struct DieselStore {
    url: DatabaseUrl,
    reads: Pool<Manager>,
    mutations: Pool<Manager>,
    books: Pool<Manager>,
    options: PoolOptions,
}

impl DieselStore {
    /// Opens a database, or says why that is impossible. It does not touch the schema (see [`migrations`]),
    /// but for a database in memory, which is made with the present one.
    pub fn connect(url: &DatabaseUrl, options: &PoolOptions) -> Result<Self, ConnectError> {
        if *url.location() != Location::SqliteMemory {
            // A pool would try again until its time is over and then forget the cause.
            open(url, Purpose::Write, options)?;
        }
        let mutations = pool(url, Purpose::Write, 1, options);
        let (reads, books) = match url.location() {
            Location::SqliteMemory => (mutations.clone(), mutations.clone()),
            Location::SqliteFile(_) => {
                (pool(url, Purpose::Read, options.connections, options), mutations.clone())
            }
            Location::Postgres(_) => {
                let reads = pool(url, Purpose::Write, options.connections, options);
                (reads.clone(), reads)
            }
        };
        drop(first(&reads, options)?);
        let mut connection = first(&mutations, options)?;
        if *url.location() == Location::SqliteMemory {
            migrations::apply_on(&mut connection).map_err(|error| ConnectError::Memory(Box::new(error)))?;
        }
        drop(connection);
        Ok(Self { url: url.clone(), reads, mutations, books, options: options.clone() })
    }

    /// Where the database is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    fn transact(
        &self,
        pool: &Pool<Manager>,
        kind: Kind,
        work: &mut dyn FnMut(&mut Session<'_>) -> StoreResult<()>,
    ) -> StoreResult<Option<ChangeSequence>> {
        // After a restart of the server every connection of the pool may be cut off; each that is gets dropped.
        let mut chances = pool.max_size();
        loop {
            let mut connection = pool.get().map_err(|error| StoreError::Unavailable(Box::new(error)))?;
            let mut transaction = match Transaction::begin(&mut connection, kind) {
                Ok(transaction) => transaction,
                Err(TransactionError::Failed(error)) => return Err(error),
                Err(TransactionError::CutOff(error)) if chances == 0 => return Err(error),
                Err(TransactionError::CutOff(_)) => {
                    chances -= 1;
                    continue;
                }
            };
            if kind == Kind::Mutate {
                transaction.lock_change_counter()?;
            }
            let mut session = transaction.session();
            work(&mut session)?;
            session.check()?;
            let last_change = session.last_change();
            if last_change.is_some() && self.options.notifications == Notifications::Sent {
                transaction.notify_of_change()?;
            }
            transaction.commit()?;
            return Ok(last_change);
        }
    }
}

/// The first connection of a pool, so that no request has to wait until it is open.
fn first(pool: &Pool<Manager>, options: &PoolOptions) -> Result<PooledConnection<Manager>, ConnectError> {
    let patience = options.connection_timeout.max(Duration::from_secs(5));
    pool.get_timeout(patience).map_err(ConnectError::unreachable)
}

impl Store for DieselStore {
    fn read_erased(&self, work: ReadWork<'_>) -> StoreResult<()> {
        self.transact(&self.reads, Kind::Read, &mut |session| work(session)).map(drop)
    }

    fn mutate_erased(&self, work: MutateWork<'_>) -> StoreResult<Option<ChangeSequence>> {
        self.transact(&self.mutations, Kind::Mutate, &mut |session| work(session))
    }

    fn admit_erased(&self, work: AdmitWork<'_>) -> StoreResult<()> {
        // The pool of bookkeeping: on PostgreSQL not the one connection that mutations wait for, on SQLite the writer.
        self.transact(&self.books, Kind::Admit, &mut |session| work(session)).map(drop)
    }

    fn keep_books_erased(&self, work: BookkeepingWork<'_>) -> StoreResult<()> {
        self.transact(&self.books, Kind::KeepBooks, &mut |session| work(session)).map(drop)
    }

    fn change_hints(&self) -> StoreResult<Option<Box<dyn ChangeHints>>> {
        match (self.options.notifications, self.url.location()) {
            (Notifications::Sent, Location::Postgres(_)) => PostgresHints::listen(&self.url, &self.options),
            (Notifications::Sent | Notifications::Off, _) => Ok(None),
        }
    }
}

impl fmt::Debug for DieselStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DieselStore").field("url", &self.url).finish_non_exhaustive()
    }
}

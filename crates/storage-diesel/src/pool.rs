//! Pools of connections. A connection is not tested before use; one that turns out to be broken is dropped.

use std::time::Duration;

use diesel::ConnectionError;
use diesel::r2d2::{ManageConnection, NopErrorHandler, Pool};
use turnkeep_storage::error::BoxedCause;

use crate::connection::{AnyConnection, Purpose, open};
use crate::database_url::DatabaseUrl;

/// How many connections, and how long anything may take.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// The most connections that read at a time. Mutations have one more of their own.
    pub connections: u32,
    /// How long to wait for one of them.
    pub connection_timeout: Duration,
    /// How long a statement may wait for a lock (SQLite: for the file).
    pub lock_timeout: Duration,
    /// How long a statement may take. PostgreSQL only.
    pub statement_timeout: Duration,
    /// How long a transaction may pause between two statements before it is given up: everybody who changes
    /// something waits for it, so a process that was stopped in the middle must not hold it. PostgreSQL only.
    pub pause_timeout: Duration,
    /// Whether commits tell the other nodes of changes, and this one listens. PostgreSQL only.
    pub notifications: Notifications,
}

/// Whether `NOTIFY` is used. Without it everything works, a little slower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notifications {
    /// It is.
    Sent,
    /// The database has none, or somebody wants none.
    Off,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            connections: 8,
            connection_timeout: Duration::from_secs(2),
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            pause_timeout: Duration::from_millis(500),
            notifications: Notifications::Sent,
        }
    }
}

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The file cannot be created or opened.
    #[error("the database file cannot be opened")]
    File(#[source] std::io::Error),
    /// SQLite takes file names in UTF-8 only.
    #[error("the name of the database file is not UTF-8")]
    FileName,
    /// The URL is not one that libpq understands, or names no server.
    #[error("the database URL is malformed")]
    Url,
    /// The database refused, or did not answer.
    #[error("the database cannot be reached")]
    Unreachable(#[source] BoxedCause),
    /// The schema of a database in memory could not be made.
    #[error("the database in memory cannot be set up")]
    Memory(#[source] BoxedCause),
}

impl ConnectError {
    pub(crate) fn unreachable(cause: impl Into<BoxedCause>) -> Self {
        Self::Unreachable(cause.into())
    }

    /// When libpq cannot make sense of a URL it quotes from it, and what it takes for a host may be the end of
    /// a password. So only the messages that certainly do not are passed on.
    pub(crate) fn unreachable_by_url(error: ConnectionError) -> Self {
        match error {
            ConnectionError::BadConnection(message)
                if message.starts_with("connection to server")
                    || (message.starts_with("could not translate host name") && !message.contains('@')) =>
            {
                Self::Unreachable(message.into())
            }
            _ => Self::Url,
        }
    }
}

/// A connection of a pool.
pub(crate) struct PooledConnection {
    pub(crate) any: AnyConnection,
    /// Set when it may be in the middle of something, or cut off.
    pub(crate) broken: bool,
}

/// Opens the connections of a pool.
pub(crate) struct Manager {
    url: DatabaseUrl,
    purpose: Purpose,
    options: PoolOptions,
}

impl ManageConnection for Manager {
    type Connection = PooledConnection;
    type Error = ConnectError;

    fn connect(&self) -> Result<PooledConnection, ConnectError> {
        Ok(PooledConnection { any: open(&self.url, self.purpose, &self.options)?, broken: false })
    }

    /// Never asked: connections are not tested before use.
    fn is_valid(&self, _: &mut PooledConnection) -> Result<(), ConnectError> {
        Ok(())
    }

    fn has_broken(&self, connection: &mut PooledConnection) -> bool {
        connection.broken
    }
}

/// Makes a pool; connections are opened when they are needed, and then kept.
pub(crate) fn pool(url: &DatabaseUrl, purpose: Purpose, size: u32, options: &PoolOptions) -> Pool<Manager> {
    let manager = Manager { url: url.clone(), purpose, options: options.clone() };
    Pool::builder()
        .max_size(size.max(1))
        .min_idle(Some(0))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_on_check_out(false)
        .connection_timeout(options.connection_timeout)
        .error_handler(Box::new(NopErrorHandler))
        .build_unchecked(manager)
}

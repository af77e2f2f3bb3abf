//! What can go wrong on our side. A refusal is never an error here: it is an `Ok` value of the use case.

/// Why the database could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection, or no lock, within the time allowed for it; trying again later may help.
    #[error("the database is busy or cannot be reached")]
    Unavailable(#[source] BoxedCause),
    /// The database refused or failed a statement.
    #[error("the database failed")]
    Database(#[source] BoxedCause),
    /// A stored value that this version cannot read.
    #[error("the stored value of {column} in {table} is not valid")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
}

/// The driver's error; for the log, never for the wire.
pub type BoxedCause = Box<dyn std::error::Error + Send + Sync>;

/// The result of everything that touches the database.
pub type StoreResult<T> = Result<T, StoreError>;

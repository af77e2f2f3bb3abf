//! What a driver's error means to the use cases.

use diesel::result::{DatabaseErrorKind, Error};
use turnkeep_storage::error::StoreError;

/// Busy and cut-off databases are unavailable; everything else is a failure.
pub(crate) fn store_error(error: Error) -> StoreError {
    if is_unavailable(&error) {
        StoreError::Unavailable(Box::new(error))
    } else {
        StoreError::Database(Box::new(error))
    }
}

/// Diesel has kinds for some of these conditions only, so the others are told by their message. A PostgreSQL
/// server that speaks another language makes them failures, which is still true.
pub(crate) fn is_unavailable(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)
        | Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
        | Error::DatabaseError(DatabaseErrorKind::UnableToSendCommand, _) => true,
        Error::DatabaseError(DatabaseErrorKind::Unknown, information) => {
            let message = information.message();
            [
                "database is locked",
                "database table is locked",
                "lock timeout",
                "deadlock detected",
                "terminating connection",
                "server closed the connection",
                "connection to server",
                "no connection to the server",
                "could not receive data",
                "could not send",
                "connection has been closed",
                "the database system is",
            ]
            .iter()
            .any(|part| message.contains(part))
        }
        // A commit whose connection was cut off: whether it took place is not known, but the database is gone.
        Error::RollbackErrorOnCommit { rollback_error, commit_error } => {
            is_unavailable(rollback_error) || is_unavailable(commit_error)
        }
        Error::BrokenTransactionManager => true,
        _ => false,
    }
}

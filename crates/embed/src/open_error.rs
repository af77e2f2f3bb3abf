//! Why an authority cannot be opened.

use turnkeep_service::failure::Fault;
use turnkeep_shared_limits::redis_limits::OpenSharedLimitsError;
use turnkeep_storage_diesel::migrations::MigrationError;
use turnkeep_storage_diesel::pool::ConnectError;

use crate::mail::OpenMailError;

/// Why an authority cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The schema could not be brought up to date, or is a newer version's.
    #[error("the database cannot be migrated")]
    Migration(#[source] MigrationError),
    /// The database does not answer, or is none.
    #[error("the database cannot be opened")]
    Connect(#[source] ConnectError),
    /// They are those of another database, most likely.
    #[error("the signing keys in the database do not open with these master keys")]
    MasterKeys(#[source] Fault),
    /// No mail can be sent. Never because the mail server is not there at the moment.
    #[error("mail cannot be sent")]
    Mail(#[source] OpenMailError),
    /// The limits cannot be counted together with other nodes. Never because the server is not there at the moment.
    #[error("requests cannot be counted together with other nodes")]
    SharedLimits(#[source] OpenSharedLimitsError),
}

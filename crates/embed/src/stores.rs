//! The ways to the database: one for the use cases, and one that keeps this node in step.

use std::sync::Arc;
use std::time::Duration;

use turnkeep_storage::store::Store;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::pool::{ConnectError, Notifications, PoolOptions};

/// Two stores of one database; the same one twice if it is in memory.
pub(crate) struct Stores {
    pub(crate) working: Arc<dyn Store>,
    pub(crate) following: Arc<dyn Store>,
}

impl Stores {
    pub(crate) fn connect(
        database: &DatabaseUrl,
        notifications: Notifications,
    ) -> Result<Self, ConnectError> {
        let options = PoolOptions { notifications, ..PoolOptions::default() };
        let working: Arc<dyn Store> = Arc::new(DieselStore::connect(database, &options)?);
        let following: Arc<dyn Store> = match database.can_be_shared() {
            true => Arc::new(DieselStore::connect(database, &following(&options))?),
            false => Arc::clone(&working),
        };
        Ok(Self { working, following })
    }
}

/// A connection of its own for keeping in step, which gives up before the lease does.
fn following(options: &PoolOptions) -> PoolOptions {
    let soon = Duration::from_secs(1);
    PoolOptions {
        connections: 1,
        connection_timeout: soon,
        lock_timeout: soon,
        statement_timeout: soon,
        ..options.clone()
    }
}

/// How often a node looks for changes that nobody has told it of. A file is looked at in microseconds.
pub(crate) fn poll(database: &DatabaseUrl) -> Duration {
    match database.is_postgres() {
        true => Duration::from_millis(200),
        false => Duration::from_millis(100),
    }
}

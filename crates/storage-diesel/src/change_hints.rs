//! `NOTIFY` of PostgreSQL: a hint with every commit that changed something.

use diesel::{PgConnection, RunQueryDsl};
use turnkeep_storage::change_hints::ChangeHints;
use turnkeep_storage::error::{StoreError, StoreResult};

use crate::connection::{AnyConnection, Purpose, open};
use crate::database_url::DatabaseUrl;
use crate::pool::PoolOptions;
use crate::store_error::store_error;

/// Sent by every mutation that recorded a change, at its commit.
pub(crate) const NOTIFY: &str = "NOTIFY turnkeep_changes";
const LISTEN: &str = "LISTEN turnkeep_changes";

/// A connection that does nothing but listen.
pub(crate) struct PostgresHints(PgConnection);

impl PostgresHints {
    /// Begins to listen; `None` where there is nothing to listen to.
    pub(crate) fn listen(
        url: &DatabaseUrl,
        options: &PoolOptions,
    ) -> StoreResult<Option<Box<dyn ChangeHints>>> {
        let opened = open(url, Purpose::Write, options);
        match opened.map_err(|error| StoreError::Unavailable(Box::new(error)))? {
            AnyConnection::Sqlite(_) => Ok(None),
            AnyConnection::Postgres(mut connection) => {
                diesel::sql_query(LISTEN).execute(&mut connection).map_err(store_error)?;
                Ok(Some(Box::new(Self(connection))))
            }
        }
    }
}

impl ChangeHints for PostgresHints {
    fn arrived(&mut self) -> StoreResult<bool> {
        let mut arrived = false;
        for notification in self.0.notifications_iter() {
            // Nothing but the connection can fail here, whatever libpq calls it.
            notification.map_err(|error| StoreError::Unavailable(Box::new(error)))?;
            arrived = true;
        }
        Ok(arrived)
    }
}

//! What the connection over both databases cannot say, said once for each.

use diesel::QueryResult;
use turnkeep_storage::outcome::{Deleted, Inserted, Updated};

/// Inserts a row unless another one has the same unique columns; the number of rows that were inserted.
macro_rules! insert_unless_conflict {
    ($connection:expr, $table:expr, $row:expr) => {{
        use diesel::RunQueryDsl as _;
        let insert = diesel::insert_into($table).values($row).on_conflict_do_nothing();
        match $connection {
            $crate::connection::AnyConnection::Postgres(connection) => insert.execute(connection),
            $crate::connection::AnyConnection::Sqlite(connection) => insert.execute(connection),
        }
    }};
}

/// Inserts any number of rows by one statement.
macro_rules! insert_all {
    ($connection:expr, $table:expr, $rows:expr) => {{
        use diesel::RunQueryDsl as _;
        let insert = diesel::insert_into($table).values($rows);
        match $connection {
            $crate::connection::AnyConnection::Postgres(connection) => insert.execute(connection),
            $crate::connection::AnyConnection::Sqlite(connection) => insert.execute(connection),
        }
    }};
}

/// Inserts those of any number of rows that have no conflict; a column of each that was inserted. SQLite has a statement
/// for each: Diesel's statement of several expects something back of all of them.
macro_rules! insert_new {
    ($connection:expr, $table:expr, $rows:expr, $returned:expr) => {{
        use diesel::{OptionalExtension as _, RunQueryDsl as _};
        match $connection {
            $crate::connection::AnyConnection::Postgres(connection) => diesel::insert_into($table)
                .values($rows)
                .on_conflict_do_nothing()
                .returning($returned)
                .get_results(connection),
            $crate::connection::AnyConnection::Sqlite(connection) => {
                let insert = |row| {
                    let insert = diesel::insert_into($table).values(row).on_conflict_do_nothing();
                    insert.returning($returned).get_result(connection).optional()
                };
                $rows.into_iter().map(insert).filter_map(Result::transpose).collect()
            }
        }
    }};
}

/// Inserts a row, or gives the one with the same key the changes.
macro_rules! insert_or_replace {
    ($connection:expr, $table:expr, $row:expr, $key:expr, $changes:expr) => {{
        use diesel::RunQueryDsl as _;
        let put = diesel::insert_into($table).values($row).on_conflict($key).do_update().set($changes);
        match $connection {
            $crate::connection::AnyConnection::Postgres(connection) => put.execute(connection),
            $crate::connection::AnyConnection::Sqlite(connection) => put.execute(connection),
        }
    }};
}

pub(crate) use {insert_all, insert_new, insert_or_replace, insert_unless_conflict};

/// The outcome of an insertion by the number of its rows.
pub(crate) fn inserted(rows: usize) -> Inserted {
    if rows == 0 { Inserted::Conflict } else { Inserted::Inserted }
}

/// The outcome of an update of one record.
pub(crate) fn updated(rows: usize) -> Updated {
    if rows == 0 { Updated::Stale } else { Updated::Updated }
}

/// The outcome of a deletion of one record.
pub(crate) fn deleted(rows: usize) -> Deleted {
    if rows == 0 { Deleted::Unknown } else { Deleted::Deleted }
}

/// A number of rows, as the traits want it.
pub(crate) fn count<T: TryInto<u32>>(rows: T) -> QueryResult<u32> {
    rows.try_into().map_err(|_| diesel::result::Error::DeserializationError("too many rows".into()))
}

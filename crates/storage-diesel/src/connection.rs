//! A connection to either database, opened with the settings that the rest relies on.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::database_url::{DatabaseUrl, Location};
use crate::pool::{ConnectError, PoolOptions};
use crate::store_error::is_unavailable;

/// Between two tries to change a file to WAL.
const WAL_PAUSE: Duration = Duration::from_millis(5);

/// A connection to one of the two databases.
#[derive(diesel::MultiConnection)]
pub(crate) enum AnyConnection {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reads and writes.
    Write,
    /// Reads; on SQLite it cannot do anything else.
    Read,
}

/// Opens a connection.
pub(crate) fn open(
    url: &DatabaseUrl,
    purpose: Purpose,
    options: &PoolOptions,
) -> Result<AnyConnection, ConnectError> {
    match url.location() {
        Location::SqliteFile(path) => {
            create_private_file(path).map_err(ConnectError::File)?;
            let path = path.to_str().ok_or(ConnectError::FileName)?;
            open_sqlite(path, purpose, options)
        }
        Location::SqliteMemory => open_sqlite(":memory:", Purpose::Write, options),
        Location::Postgres(url) => open_postgres(url, options),
    }
}

/// The database holds digests and sealed keys, so nobody else on the machine may read it. SQLite gives its
/// other files the same permissions.
fn create_private_file(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn open_sqlite(path: &str, purpose: Purpose, options: &PoolOptions) -> Result<AnyConnection, ConnectError> {
    let mut connection = SqliteConnection::establish(path).map_err(ConnectError::unreachable)?;
    let role = match purpose {
        // WAL is a property of the file; only the writer may have to set it.
        Purpose::Write => "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
        // In KiB. The system's own cache of the file does for what this one does not hold, and there are several readers.
        Purpose::Read => "PRAGMA query_only = ON; PRAGMA cache_size = -512;",
    };
    let settings = format!("PRAGMA busy_timeout = {}; {role}", millis(options.lock_timeout));
    configure_sqlite(&mut connection, &settings, options.lock_timeout)?;
    Ok(AnyConnection::Sqlite(connection))
}

/// The change of a new file to WAL is the one lock for which SQLite does not wait by itself, so processes that start
/// at once have to.
fn configure_sqlite(
    connection: &mut SqliteConnection,
    settings: &str,
    lock_timeout: Duration,
) -> Result<(), ConnectError> {
    let mut waited = Duration::ZERO;
    loop {
        match connection.batch_execute(settings) {
            Err(error) if is_unavailable(&error) && waited < lock_timeout => {
                std::thread::sleep(WAL_PAUSE);
                waited += WAL_PAUSE;
            }
            result => return result.map_err(ConnectError::unreachable),
        }
    }
}

fn open_postgres(url: &str, options: &PoolOptions) -> Result<AnyConnection, ConnectError> {
    let url = with_network_limits(url, options);
    let mut connection = PgConnection::establish(&url).map_err(ConnectError::unreachable_by_url)?;
    let settings = format!(
        "SET lock_timeout = {}; SET statement_timeout = {}; SET idle_in_transaction_session_timeout = {}; \
         SET client_encoding = 'UTF8'",
        millis(options.lock_timeout),
        millis(options.statement_timeout),
        millis(options.pause_timeout),
    );
    connection.batch_execute(&settings).map_err(ConnectError::unreachable)?;
    Ok(AnyConnection::Postgres(connection))
}

/// Left to itself, libpq waits for minutes for a server that does not answer, and for ever for one that is cut
/// off in the middle of an answer. A node serves nothing for long without its database, so it notices soon that it is
/// out of reach. What the URL itself says counts more.
fn with_network_limits(url: &str, options: &PoolOptions) -> String {
    let limits = [
        ("connect_timeout", options.connection_timeout.as_secs().max(2)),
        ("tcp_user_timeout", options.connection_timeout.as_millis().try_into().unwrap_or(u64::MAX)),
        ("keepalives_idle", 1),
        ("keepalives_interval", 1),
        ("keepalives_count", 2),
    ];
    let mut url = url.to_owned();
    for (name, value) in limits {
        if !url.contains(name) {
            let separator = if url.contains('?') { '&' } else { '?' };
            url.push_str(&format!("{separator}{name}={value}"));
        }
    }
    url
}

/// As the settings of both databases want it; zero would switch a limit off.
fn millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_of_the_url_count_more() {
        let options = PoolOptions::default();
        let rest = "keepalives_idle=1&keepalives_interval=1&keepalives_count=2";
        for (url, expected) in [
            ("postgres://h/d", format!("postgres://h/d?connect_timeout=2&tcp_user_timeout=2000&{rest}")),
            (
                "postgres://h?connect_timeout=9&sslmode=require",
                format!("postgres://h?connect_timeout=9&sslmode=require&tcp_user_timeout=2000&{rest}"),
            ),
        ] {
            assert_eq!(with_network_limits(url, &options), expected);
        }
    }

    #[test]
    fn a_reader_of_a_file_cannot_write() {
        let dir = tempfile::TempDir::new().unwrap();
        let url = DatabaseUrl::parse(dir.path().join("a.db").to_str().unwrap()).unwrap();
        let options = PoolOptions::default();
        let sql = "CREATE TABLE made (id BIGINT)";
        let mut reader = open(&url, Purpose::Read, &options).unwrap();
        assert!(reader.batch_execute(sql).is_err());
        let mut writer = open(&url, Purpose::Write, &options).unwrap();
        assert!(writer.batch_execute(sql).is_ok());
    }
}

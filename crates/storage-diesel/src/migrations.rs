//! The schema's migrations, embedded; the same list of names for both databases.

use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use turnkeep_storage::error::{BoxedCause, StoreError};

use crate::connection::{AnyConnection, Purpose, open};
use crate::database_url::{DatabaseUrl, Location};
use crate::pool::{ConnectError, PoolOptions, PooledConnection};
use crate::transaction::{Kind, Transaction, TransactionError};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Any number that nothing else in the database uses for an advisory lock.
const ADVISORY_LOCK: i64 = 0x7475_726e_6b65_6570;

/// Why the schema could not be looked at or changed.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database cannot be opened.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The database has a migration that this program does not know. Nothing was touched.
    #[error("the database was migrated to {version} by a newer version of this program")]
    NewerThanBinary {
        /// The newest version in the database.
        version: String,
    },
    /// Another process holds the schema for too long.
    #[error("the schema is being changed by somebody else")]
    Busy(#[source] StoreError),
    /// A statement failed. Nothing was changed: all migrations of a run apply, or none.
    #[error("the schema could not be read or changed")]
    Failed(#[source] BoxedCause),
}

/// How the schema of a database compares with the one that this program wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// It is the one.
    UpToDate,
    /// So many migrations have to be applied.
    Behind(usize),
    /// The newest version in the database, which this program does not know.
    NewerThanBinary(String),
    /// No migration was ever applied, or there is no database file yet.
    Empty,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MigrationReport {
    /// Names of the migrations in the order in which they were applied, or reverted.
    pub names: Vec<String>,
}

/// How the database compares; changes nothing, not even an empty database.
pub fn state(url: &DatabaseUrl) -> Result<SchemaState, MigrationError> {
    match url.location() {
        // It is made with the present schema (see `DieselStore::connect`).
        Location::SqliteMemory => return Ok(SchemaState::UpToDate),
        Location::SqliteFile(path) if !path.exists() => return Ok(SchemaState::Empty),
        Location::SqliteFile(_) | Location::Postgres(_) => {}
    }
    let mut connection = open(url, Purpose::Read, &PoolOptions::default())?;
    compare(&mut connection)
}

/// Names of the migrations that [`apply`] would apply.
pub fn pending(url: &DatabaseUrl) -> Result<Vec<String>, MigrationError> {
    match url.location() {
        Location::SqliteMemory => return Ok(Vec::new()),
        Location::SqliteFile(path) if !path.exists() => {
            return Ok(known()?.into_iter().map(|known| known.name).collect());
        }
        Location::SqliteFile(_) | Location::Postgres(_) => {}
    }
    let mut connection = open(url, Purpose::Read, &PoolOptions::default())?;
    let applied = applied_versions(&mut connection).map_err(failed)?;
    let pending = known()?.into_iter().filter(|known| !applied.contains(&known.version));
    Ok(pending.map(|known| known.name).collect())
}

/// Applies what is pending, all of it or nothing. Several processes may do this at once: one does the work, the
/// others wait for it. A database in memory needs none (see `DieselStore::connect`).
pub fn apply(url: &DatabaseUrl) -> Result<MigrationReport, MigrationError> {
    change(url, apply_on)
}

/// Takes everything back, with all data. For tests of the migrations.
pub fn revert_all(url: &DatabaseUrl) -> Result<MigrationReport, MigrationError> {
    change(url, |connection| {
        locked(connection, |connection| match connection {
            AnyConnection::Sqlite(c) => revert(c, &SQLITE),
            AnyConnection::Postgres(c) => revert(c, &POSTGRES),
        })
    })
}

/// [`apply`] on an open connection.
pub(crate) fn apply_on(connection: &mut PooledConnection) -> Result<MigrationReport, MigrationError> {
    locked(connection, |connection| {
        if let SchemaState::NewerThanBinary(version) = compare(connection)? {
            return Err(MigrationError::NewerThanBinary { version });
        }
        match connection {
            AnyConnection::Sqlite(c) => run_pending(c, SQLITE),
            AnyConnection::Postgres(c) => run_pending(c, POSTGRES),
        }
    })
}

fn change(
    url: &DatabaseUrl,
    work: impl FnOnce(&mut PooledConnection) -> Result<MigrationReport, MigrationError>,
) -> Result<MigrationReport, MigrationError> {
    if *url.location() == Location::SqliteMemory {
        return Ok(MigrationReport::default());
    }
    let minute = std::time::Duration::from_secs(60);
    let options =
        PoolOptions { lock_timeout: minute, statement_timeout: 10 * minute, ..PoolOptions::default() };
    work(&mut PooledConnection { any: open(url, Purpose::Write, &options)?, broken: false })
}

/// One transaction around everything, entered by one process at a time.
fn locked(
    connection: &mut PooledConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<MigrationReport, MigrationError>,
) -> Result<MigrationReport, MigrationError> {
    let mut transaction = Transaction::begin(connection, Kind::KeepBooks).map_err(|error| match error {
        TransactionError::CutOff(error) | TransactionError::Failed(error) => MigrationError::Busy(error),
    })?;
    if let AnyConnection::Postgres(c) = transaction.connection() {
        c.batch_execute(&format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")).map_err(failed)?;
    }
    let report = work(transaction.connection())?;
    transaction.commit().map_err(|error| MigrationError::Failed(Box::new(error)))?;
    Ok(report)
}

fn run_pending<DB: Backend>(
    connection: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<MigrationReport, MigrationError> {
    let pending = connection.pending_migrations(migrations).map_err(MigrationError::Failed)?;
    let mut report = MigrationReport::default();
    for migration in &pending {
        connection.run_migration(migration).map_err(MigrationError::Failed)?;
        report.names.push(migration.name().to_string());
    }
    Ok(report)
}

fn revert<DB: Backend>(
    connection: &mut impl MigrationHarness<DB>,
    migrations: &EmbeddedMigrations,
) -> Result<MigrationReport, MigrationError> {
    let known: Vec<Box<dyn Migration<DB>>> = migrations.migrations().map_err(MigrationError::Failed)?;
    let applied = connection.applied_migrations().map_err(MigrationError::Failed)?;
    let mut report = MigrationReport::default();
    for migration in known.iter().rev().filter(|migration| applied.contains(&migration.name().version())) {
        connection.revert_migration(migration).map_err(MigrationError::Failed)?;
        report.names.push(migration.name().to_string());
    }
    Ok(report)
}

/// A migration of this program.
struct Known {
    version: String,
    name: String,
}

/// Those of PostgreSQL have the same names (a test compares them).
fn known() -> Result<Vec<Known>, MigrationError> {
    let migrations: Vec<Box<dyn Migration<Sqlite>>> = SQLITE.migrations().map_err(MigrationError::Failed)?;
    let mut known: Vec<Known> = migrations
        .iter()
        .map(|migration| Known {
            version: migration.name().version().to_string(),
            name: migration.name().to_string(),
        })
        .collect();
    known.sort_by(|one, two| one.version.cmp(&two.version));
    Ok(known)
}

fn compare(connection: &mut AnyConnection) -> Result<SchemaState, MigrationError> {
    let applied = applied_versions(connection).map_err(failed)?;
    let known = known()?;
    let unknown = applied.iter().filter(|version| known.iter().all(|known| known.version != **version)).max();
    if let Some(version) = unknown {
        return Ok(SchemaState::NewerThanBinary(version.clone()));
    }
    Ok(match known.len().saturating_sub(applied.len()) {
        0 => SchemaState::UpToDate,
        _ if applied.is_empty() => SchemaState::Empty,
        behind => SchemaState::Behind(behind),
    })
}

#[derive(QueryableByName)]
struct VersionRow {
    #[diesel(sql_type = Text)]
    version: String,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    tables: i64,
}

/// Read without the harness, which would make its table where there is none.
fn applied_versions(connection: &mut AnyConnection) -> QueryResult<Vec<String>> {
    let CountRow { tables } = match connection {
        AnyConnection::Sqlite(c) => sql_query(
            "SELECT COUNT(*) AS tables FROM sqlite_master WHERE name = '__diesel_schema_migrations'",
        )
        .get_result(c)?,
        AnyConnection::Postgres(c) => sql_query(
            "SELECT COUNT(*) AS tables FROM pg_class WHERE oid = to_regclass('__diesel_schema_migrations')",
        )
        .get_result(c)?,
    };
    if tables == 0 {
        return Ok(Vec::new());
    }
    let rows: Vec<VersionRow> =
        sql_query("SELECT version FROM __diesel_schema_migrations").get_results(connection)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

fn failed(error: diesel::result::Error) -> MigrationError {
    MigrationError::Failed(Box::new(error))
}

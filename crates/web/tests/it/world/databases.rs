//! Databases for tests: in memory where any will do, and the two that servers run on.

use std::sync::OnceLock;

use tempfile::TempDir;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::migrations;
use turnkeep_storage_diesel::pool::PoolOptions;
use turnkeep_testkit::postgres::{PostgresCluster, TestDatabase};

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    /// SQLite in memory, which only one server can use.
    SqliteMemory,
    /// SQLite in a file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A migrated database without records, which ends with this value.
pub(crate) struct EmptyDatabase {
    url: DatabaseUrl,
    _kept: Kept,
}

enum Kept {
    Nothing,
    Folder { _folder: TempDir },
    Database { _database: TestDatabase },
}

impl EmptyDatabase {
    /// A new one.
    pub(crate) fn make(database: Database) -> Self {
        match database {
            Database::SqliteMemory => {
                Self { url: DatabaseUrl::parse("sqlite::memory:").unwrap(), _kept: Kept::Nothing }
            }
            Database::Sqlite => {
                let folder = TempDir::new().unwrap();
                let path = folder.path().join("turnkeep.db");
                let url = DatabaseUrl::parse(&format!("sqlite:{}", path.display())).unwrap();
                migrations::apply(&url).unwrap();
                Self { url, _kept: Kept::Folder { _folder: folder } }
            }
            Database::Postgres => {
                let database = PostgresCluster::shared().unwrap().new_database_from(migrated()).unwrap();
                let url = DatabaseUrl::parse(database.url()).unwrap();
                Self { url, _kept: Kept::Database { _database: database } }
            }
        }
    }

    /// Opens it. A database in memory is another one each time.
    pub(crate) fn connect(&self) -> DieselStore {
        let options = PoolOptions { connections: 3, ..PoolOptions::default() };
        DieselStore::connect(&self.url, &options).unwrap()
    }
}

/// Migrated once and copied for every test.
fn migrated() -> &'static TestDatabase {
    static MIGRATED: OnceLock<TestDatabase> = OnceLock::new();
    MIGRATED.get_or_init(|| {
        let database = PostgresCluster::shared().unwrap().new_database().unwrap();
        migrations::apply(&DatabaseUrl::parse(database.url()).unwrap()).unwrap();
        database
    })
}

/// Makes a test of each behaviour on each of the two databases that servers run on.
macro_rules! on_both_databases {
    ($($behaviour:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[actix_web::test]
                async fn $behaviour() {
                    super::$behaviour($crate::world::World::on($crate::world::databases::Database::Sqlite).await).await;
                }
            )+
        }
        mod postgres {
            $(
                #[actix_web::test]
                async fn $behaviour() {
                    super::$behaviour($crate::world::World::on($crate::world::databases::Database::Postgres).await).await;
                }
            )+
        }
    };
}

pub(crate) use on_both_databases;

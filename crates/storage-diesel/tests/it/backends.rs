//! Migrated empty databases of every kind.

use std::sync::{Arc, OnceLock};

use tempfile::TempDir;
use turnkeep_storage::store::Store;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::migrations;
use turnkeep_storage_diesel::pool::PoolOptions;
use turnkeep_testkit::postgres::{PostgresCluster, TestDatabase};

/// What a behaviour of the contract gets when it is about several nodes.
pub(crate) type Open<'a> = &'a dyn Fn() -> Arc<dyn Store>;

pub(crate) fn open(url: &DatabaseUrl) -> Arc<dyn Store> {
    Arc::new(DieselStore::connect(url, &PoolOptions { connections: 3, ..PoolOptions::default() }).unwrap())
}

/// A file with a name that needs quoting almost everywhere.
pub(crate) fn sqlite_url(dir: &TempDir) -> DatabaseUrl {
    let path = dir.path().join("turn keep's %20 100%.db");
    DatabaseUrl::parse(&format!("sqlite:{}", path.display())).unwrap()
}

pub(crate) fn migrated_sqlite() -> (TempDir, DatabaseUrl) {
    let dir = TempDir::new().unwrap();
    let url = sqlite_url(&dir);
    migrations::apply(&url).unwrap();
    (dir, url)
}

pub(crate) fn postgres_url(database: &TestDatabase) -> DatabaseUrl {
    DatabaseUrl::parse(database.url()).unwrap()
}

pub(crate) fn empty_postgres() -> (TestDatabase, DatabaseUrl) {
    let database = PostgresCluster::shared().unwrap().new_database().unwrap();
    let url = postgres_url(&database);
    (database, url)
}

pub(crate) fn migrated_postgres() -> (TestDatabase, DatabaseUrl) {
    static TEMPLATE: OnceLock<TestDatabase> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let (database, url) = empty_postgres();
        migrations::apply(&url).unwrap();
        database
    });
    let database = PostgresCluster::shared().unwrap().new_database_from(template).unwrap();
    let url = postgres_url(&database);
    (database, url)
}

pub(crate) fn on_sqlite_memory(behaviour: fn(&dyn Store)) {
    behaviour(&*open(&DatabaseUrl::parse("sqlite::memory:").unwrap()));
}

pub(crate) fn on_sqlite_file(behaviour: fn(&dyn Store)) {
    let (_dir, url) = migrated_sqlite();
    behaviour(&*open(&url));
}

pub(crate) fn on_postgres(behaviour: fn(&dyn Store)) {
    let (_database, url) = migrated_postgres();
    behaviour(&*open(&url));
}

/// Memory cannot be opened twice: all nodes are the same store.
pub(crate) fn on_nodes_of_sqlite_memory(behaviour: fn(Open<'_>)) {
    let store = open(&DatabaseUrl::parse("sqlite::memory:").unwrap());
    behaviour(&|| Arc::clone(&store));
}

pub(crate) fn on_nodes_of_sqlite_file(behaviour: fn(Open<'_>)) {
    let (_dir, url) = migrated_sqlite();
    behaviour(&|| open(&url));
}

pub(crate) fn on_nodes_of_postgres(behaviour: fn(Open<'_>)) {
    let (_database, url) = migrated_postgres();
    behaviour(&|| open(&url));
}

//! Hints of changes: who gets them, and that nobody gets one for nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_storage::change_hints::ChangeHints;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::{Store, Writes};
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::pool::{Notifications, PoolOptions};
use turnkeep_testkit::fixtures;
use turnkeep_testkit::postgres::TestDatabase;

use crate::backends::{migrated_postgres, migrated_sqlite, open};

fn without_notifications(url: &DatabaseUrl) -> Arc<dyn Store> {
    let options = PoolOptions { notifications: Notifications::Off, connections: 1, ..PoolOptions::default() };
    Arc::new(DieselStore::connect(url, &options).unwrap())
}

fn change(writes: &mut dyn Writes) -> StoreResult<()> {
    let scope = ChangeScope::Instance(fixtures::instance(1).id);
    writes.record_change(scope, TokensBefore::Live, fixtures::START).map(drop)
}

/// Asks until there is an answer: a hint comes a moment after the commit.
fn asked_until<T>(mut answer: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match answer() {
            None if Instant::now() < deadline => std::thread::yield_now(),
            answer => return answer,
        }
    }
}

fn arrives_soon(hints: &mut dyn ChangeHints) -> bool {
    asked_until(|| hints.arrived().unwrap().then_some(())).is_some()
}

/// Listens past the code under test.
struct Witness(PgConnection);

impl Witness {
    fn listening(database: &TestDatabase) -> Self {
        let mut connection = PgConnection::establish(database.url()).unwrap();
        connection.batch_execute("LISTEN turnkeep_changes; LISTEN end_of_count").unwrap();
        Self(connection)
    }

    /// How many hints there were since the last call. PostgreSQL delivers notifications in the order of commits, and
    /// one's own before the answer to its commit, so none can be on its way any more.
    fn hints(&mut self) -> usize {
        self.0.batch_execute("NOTIFY end_of_count").unwrap();
        let mut channels: Vec<String> =
            self.0.notifications_iter().map(|notification| notification.unwrap().channel).collect();
        assert_eq!(channels.pop().as_deref(), Some("end_of_count"));
        assert!(channels.iter().all(|channel| channel == "turnkeep_changes"), "{channels:?}");
        channels.len()
    }
}

#[test]
fn a_hint_arrives_at_every_other_store() {
    let (_database, url) = migrated_postgres();
    let stores = [open(&url), open(&url), open(&url)];
    let mut listeners: Vec<_> = stores.iter().map(|store| store.change_hints().unwrap().unwrap()).collect();
    for changed in &stores {
        for hints in &mut listeners {
            assert!(!hints.arrived().unwrap(), "nothing has changed since");
        }
        changed.mutate(change).unwrap();
        for hints in &mut listeners {
            assert!(arrives_soon(&mut **hints));
        }
    }
}

#[test]
fn every_committed_change_is_hinted_at_once() {
    let (database, url) = migrated_postgres();
    let store = open(&url);
    let mut witness = Witness::listening(&database);
    assert_eq!(witness.hints(), 0);
    for _ in 0..3 {
        store.mutate(change).unwrap();
        assert_eq!(witness.hints(), 1);
    }
    store
        .mutate(|writes| {
            change(writes)?;
            change(writes)?;
            assert_eq!(witness.hints(), 0, "not before the commit");
            Ok(())
        })
        .unwrap();
    assert_eq!(witness.hints(), 1);
}

#[test]
fn without_a_change_there_is_no_hint() {
    let (database, url) = migrated_postgres();
    let store = open(&url);
    let mut witness = Witness::listening(&database);
    let instance = fixtures::instance(1);
    store.mutate(|_| Ok(())).unwrap();
    store.mutate(|writes| writes.insert_instance(&instance).map(drop)).unwrap();
    store.read(|reads| reads.list_instances()).unwrap();
    let node = fixtures::node(1, turnkeep_domain::change::ChangeSequence::ZERO);
    store.keep_books(|books| books.register_node(&node)).unwrap();
    let failed = store.mutate(|writes| {
        change(writes)?;
        Err::<(), _>(StoreError::Database("made up".into()))
    });
    assert!(failed.is_err());
    let swallowed = store.mutate(|writes| {
        change(writes)?;
        // The query fails, which the work overlooks.
        let unknown = fixtures::tenant(&fixtures::instance(2), 2);
        assert!(writes.insert_tenant(&unknown).is_err());
        Ok(())
    });
    assert!(swallowed.is_err());
    assert_eq!(witness.hints(), 0);
}

#[test]
fn who_wants_no_notifications_sends_none_and_hears_none() {
    let (database, url) = migrated_postgres();
    let silent = without_notifications(&url);
    let mut witness = Witness::listening(&database);
    silent.mutate(change).unwrap();
    assert_eq!(witness.hints(), 0);
    assert!(silent.change_hints().unwrap().is_none());
    open(&url).mutate(change).unwrap();
    assert_eq!(witness.hints(), 1, "the others go on");
}

#[test]
fn sqlite_has_no_hints() {
    let (_dir, file) = migrated_sqlite();
    for url in [file, DatabaseUrl::parse("sqlite::memory:").unwrap()] {
        for store in [open(&url), without_notifications(&url)] {
            store.mutate(change).unwrap();
            assert!(store.change_hints().unwrap().is_none(), "{url}");
        }
    }
}

#[test]
fn a_listener_that_is_cut_off_says_so() {
    let (database, url) = migrated_postgres();
    let store = open(&url);
    let mut hints = store.change_hints().unwrap().unwrap();
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.run_sql(others).unwrap();
    let error = asked_until(|| hints.arrived().err());
    assert!(matches!(error, Some(StoreError::Unavailable(_))), "{error:?}");
    let mut again = store.change_hints().unwrap().unwrap();
    store.mutate(change).unwrap();
    assert!(arrives_soon(&mut *again));
}

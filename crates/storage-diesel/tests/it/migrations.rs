//! Applying migrations: states, races, and databases of a newer version.

use std::fs;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use tempfile::TempDir;
use turnkeep_domain::accent::Accent;
use turnkeep_domain::app::App;
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::instance::Instance;
use turnkeep_domain::plan::Plan;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::User;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::migrations::{MigrationError, SchemaState, apply, pending, state};
use turnkeep_testkit::fixtures;

use crate::backends::{empty_postgres, migrated_postgres, migrated_sqlite, open, sqlite_url};

fn names(backend: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(backend);
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn both_databases_have_the_same_migrations() {
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn an_empty_database_is_migrated_once() {
    let dir = TempDir::new().unwrap();
    let (_database, postgres) = empty_postgres();
    for url in [sqlite_url(&dir), postgres] {
        assert_eq!(state(&url).unwrap(), SchemaState::Empty);
        assert_eq!(pending(&url).unwrap(), names("sqlite"));
        assert_eq!(apply(&url).unwrap().names, names("sqlite"));
        assert_eq!(state(&url).unwrap(), SchemaState::UpToDate);
        assert!(pending(&url).unwrap().is_empty());
        assert!(apply(&url).unwrap().names.is_empty());
    }
}

#[test]
fn looking_at_a_database_leaves_nothing_behind() {
    let dir = TempDir::new().unwrap();
    state(&sqlite_url(&dir)).unwrap();
    pending(&sqlite_url(&dir)).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    let (database, postgres) = empty_postgres();
    state(&postgres).unwrap();
    pending(&postgres).unwrap();
    let tables = database.run_sql("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'").unwrap();
    assert_eq!(tables.trim(), "0");
}

#[test]
fn of_processes_that_start_at_once_one_migrates() {
    let dir = TempDir::new().unwrap();
    let (_database, postgres) = empty_postgres();
    for url in [sqlite_url(&dir), postgres] {
        let applied: Vec<usize> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| apply(&url).unwrap().names.len())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(applied.iter().sum::<usize>(), names("sqlite").len(), "{url}");
        assert_eq!(state(&url).unwrap(), SchemaState::UpToDate);
    }
}

const NEWER: &str = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231235959')";
const OLDER: &str = "DELETE FROM __diesel_schema_migrations WHERE version = '20261121090300'";

fn assert_newer(url: &DatabaseUrl) {
    assert_eq!(state(url).unwrap(), SchemaState::NewerThanBinary("99991231235959".to_owned()));
    let refused = apply(url);
    let newer =
        matches!(&refused, Err(MigrationError::NewerThanBinary { version }) if version == "99991231235959");
    assert!(newer, "{refused:?}");
}

#[test]
fn a_newer_database_is_left_alone() {
    let (_dir, url) = migrated_sqlite();
    let mut raw = SqliteConnection::establish(url.sqlite_path().unwrap().to_str().unwrap()).unwrap();
    // Even if something of ours is missing there.
    raw.batch_execute(&format!("{NEWER}; {OLDER}")).unwrap();
    assert_newer(&url);
    let (database, url) = migrated_postgres();
    database.run_sql(&format!("{NEWER}; {OLDER}")).unwrap();
    assert_newer(&url);
    let versions = database.run_sql("SELECT COUNT(*) FROM __diesel_schema_migrations").unwrap();
    assert_eq!(versions.trim(), names("postgres").len().to_string());
}

#[test]
fn an_older_database_is_behind() {
    let (database, url) = migrated_postgres();
    database.run_sql(OLDER).unwrap();
    assert_eq!(state(&url).unwrap(), SchemaState::Behind(1));
    assert_eq!(pending(&url).unwrap(), ["2026-11-21-090300_audit"]);
    // Its tables are there, so the migration fails; the whole run is taken back.
    assert!(matches!(apply(&url), Err(MigrationError::Failed(_))));
    assert_eq!(state(&url).unwrap(), SchemaState::Behind(1));
}

#[test]
fn what_was_there_before_is_in_its_state_since_it_was_made() {
    let (_dir, url) = migrated_sqlite();
    let store = open(&url);
    let instance = Instance { state_since: fixtures::later(9), ..fixtures::instance(1) };
    let tenant = Tenant { state_since: fixtures::later(9), ..fixtures::tenant(&instance, 1) };
    let plan = Plan { state_since: fixtures::later(9), ..fixtures::plan(&instance, 1) };
    let user = User { state_since: fixtures::later(9), ..fixtures::user(&instance, 1) };
    let app = App { state_since: fixtures::later(9), ..fixtures::app(&tenant, 1) };
    store
        .mutate(|writes| {
            let _inserted = writes.insert_instance(&instance)?;
            let _inserted = writes.insert_tenant(&tenant)?;
            let _inserted = writes.insert_plan(&plan)?;
            let _inserted = writes.insert_user(&user)?;
            let _inserted = writes.insert_app(&app)?;
            Ok(())
        })
        .unwrap();
    let mut raw = SqliteConnection::establish(url.sqlite_path().unwrap().to_str().unwrap()).unwrap();
    for table in ["instances", "tenants", "plans", "users", "apps"] {
        raw.batch_execute(&format!("UPDATE {table} SET state_since = NULL")).unwrap();
    }
    let since = store.read(|reads| {
        Ok([
            reads.find_instance(instance.id)?.unwrap().state_since,
            reads.find_tenant(instance.id, tenant.id)?.unwrap().state_since,
            reads.find_plan(instance.id, plan.id)?.unwrap().state_since,
            reads.find_user(instance.id, user.id)?.unwrap().state_since,
            reads.find_app(instance.id, tenant.id, app.id)?.unwrap().state_since,
        ])
    });
    assert_eq!(since.unwrap(), [fixtures::START; 5]);
}

#[test]
fn an_instance_from_before_there_were_accents_is_blue() {
    let (_dir, url) = migrated_sqlite();
    let store = open(&url);
    let instance = Instance { accent: Accent::Rose, ..fixtures::instance(1) };
    let _inserted = store.mutate(|writes| writes.insert_instance(&instance)).unwrap();
    let mut raw = SqliteConnection::establish(url.sqlite_path().unwrap().to_str().unwrap()).unwrap();
    raw.batch_execute("UPDATE instances SET accent = NULL").unwrap();
    let found = store.read(|reads| reads.find_instance(instance.id)).unwrap().unwrap();
    assert_eq!(found, Instance { accent: Accent::Blue, ..instance });
}

#[test]
fn a_change_of_a_version_that_does_not_say_may_be_a_new_app() {
    let (_dir, url) = migrated_sqlite();
    let store = open(&url);
    let tenant = fixtures::tenant(&fixtures::instance(1), 1);
    let app = fixtures::app(&tenant, 1);
    let scopes =
        [ChangeScope::NewApp, ChangeScope::App].map(|scope| scope(app.instance_id, tenant.id, app.id));
    let recorded = store.mutate(|writes| {
        scopes
            .map(|scope| writes.record_change(scope, TokensBefore::Live, fixtures::START))
            .into_iter()
            .collect()
    });
    let _sequences: Vec<ChangeSequence> = recorded.unwrap();
    let mut raw = SqliteConnection::establish(url.sqlite_path().unwrap().to_str().unwrap()).unwrap();
    raw.batch_execute("UPDATE change_log SET is_new = NULL").unwrap();
    let listed = store.read(|reads| reads.list_changes(ChangeSequence::ZERO, 10)).unwrap();
    let listed: Vec<ChangeScope> = listed.into_iter().map(|change| change.scope).collect();
    assert_eq!(listed, [ChangeScope::NewApp(app.instance_id, tenant.id, app.id); 2]);
}

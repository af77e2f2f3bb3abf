//! What the traits do not show of the change log and the audit trail.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Store;
use turnkeep_testkit::fixtures;

use crate::backends::{migrated_postgres, migrated_sqlite, open};

const TAMPERING: [&str; 3] = [
    "UPDATE audit_events SET action = 'nothing'",
    "DELETE FROM audit_events",
    "DELETE FROM audit_events WHERE actor = 'command-line'",
];

fn record_an_event(store: &dyn Store) {
    let instance = fixtures::instance(1);
    let tenant = fixtures::tenant(&instance, 1);
    let app = fixtures::app(&tenant, 1);
    store
        .mutate(|writes| {
            assert_eq!(writes.insert_instance(&instance)?, Inserted::Inserted);
            writes.insert_audit_event(&fixtures::audit_event(&tenant, 1))?;
            let scope = ChangeScope::Tenant(instance.id, tenant.id);
            writes.record_change(scope, TokensBefore::Live, fixtures::START)?;
            let scope = ChangeScope::App(instance.id, tenant.id, app.id);
            writes.record_change(scope, TokensBefore::Dead, fixtures::later(1))?;
            Ok(())
        })
        .unwrap();
}

#[test]
fn sqlite_refuses_to_change_or_remove_events() {
    let (_dir, url) = migrated_sqlite();
    record_an_event(&*open(&url));
    let mut raw = SqliteConnection::establish(url.sqlite_path().unwrap().to_str().unwrap()).unwrap();
    for sql in TAMPERING {
        let error = raw.batch_execute(sql).unwrap_err();
        assert!(error.to_string().contains("audit events are never"), "{error}");
    }
}

#[test]
fn postgres_refuses_to_change_or_remove_events() {
    let (database, url) = migrated_postgres();
    record_an_event(&*open(&url));
    for sql in TAMPERING.into_iter().chain(["TRUNCATE audit_events"]) {
        let error = database.run_sql(sql).unwrap_err();
        assert!(error.to_string().contains("audit events are never"), "{error}");
    }
}

#[test]
fn the_change_log_says_what_each_change_was_about() {
    let (database, url) = migrated_postgres();
    record_an_event(&*open(&url));
    let columns = "sequence, tenant_id IS NOT NULL, app_id IS NOT NULL, tokens_dead, at";
    let rows = database.run_sql(&format!("SELECT {columns} FROM change_log ORDER BY sequence")).unwrap();
    let (first, second) = (fixtures::START.as_micros(), fixtures::later(1).as_micros());
    assert_eq!(rows.trim(), format!("1|t|f|f|{first}\n2|t|t|t|{second}"));
}

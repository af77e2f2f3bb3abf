//! What the traits do not show of the change log and the audit trail.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use turnkeep_audit::segment::Segment;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Store;
use turnkeep_testkit::fixtures;

use crate::backends::{migrated_postgres, migrated_sqlite, open};

/// What is tried with both tables of events, and how often it must be refused for the same reason.
const TAMPERING: [&str; 3] =
    ["UPDATE {} SET action = 'nothing'", "DELETE FROM {}", "DELETE FROM {} WHERE actor = 'command-line'"];

/// An event from before there was a chain.
const OLD_EVENT: &str = "INSERT INTO audit_events (instance_id, id, actor, action, changes, at) \
                         VALUES ('i', 'e', 'command-line', 'tenant.update', '[]', 0)";

fn record_events(store: &dyn Store) {
    let instance = fixtures::instance(1);
    let tenant = fixtures::tenant(&instance, 1);
    let app = fixtures::app(&tenant, 1);
    let events = [1, 2, 3].map(|number| fixtures::audit_event(&tenant, number));
    store
        .mutate(|writes| {
            assert_eq!(writes.insert_instance(&instance)?, Inserted::Inserted);
            fixtures::append_events(writes, instance.id, &events)?;
            let scope = ChangeScope::Tenant(instance.id, tenant.id);
            writes.record_change(scope, TokensBefore::Live, fixtures::START)?;
            let scope = ChangeScope::App(instance.id, tenant.id, app.id);
            writes.record_change(scope, TokensBefore::Dead, fixtures::later(1))?;
            Ok(())
        })
        .unwrap();
}

/// Prunes the first two of the three events.
fn prune(store: &dyn Store) {
    let instance_id = fixtures::instance(1).id;
    let id = fixtures::audit_event(&fixtures::tenant(&fixtures::instance(1), 1), 2).id;
    let pruned = store.mutate(|writes| {
        let last = writes.find_audit_entry(instance_id, id)?.unwrap().head(instance_id);
        let segment = Segment::up_to(&last, None, fixtures::later(9)).unwrap();
        writes.prune_audit_trail(&fixtures::seal_keys().seal_segment(segment))
    });
    assert_eq!(pruned.unwrap(), 2);
}

/// Everything that must be refused, before and after entries were pruned.
fn assert_logs_stay(store: &dyn Store, run: &mut dyn FnMut(&str) -> Result<(), String>) {
    record_events(store);
    run(OLD_EVENT).unwrap();
    let mut refuse = |sql: &str| {
        let error = run(sql).unwrap_err();
        assert!(error.contains("audit events ") || error.contains("audit segments "), "{sql}: {error}");
    };
    for sql in TAMPERING {
        refuse(&sql.replace("{}", "audit_events"));
        refuse(&sql.replace("{}", "audit_trail"));
    }
    refuse("DELETE FROM audit_trail WHERE position = 1");
    prune(store);
    for sql in TAMPERING {
        refuse(&sql.replace("{}", "audit_trail"));
    }
    refuse("DELETE FROM audit_trail WHERE position = 3");
    refuse("UPDATE audit_segments SET last_position = 3");
    refuse("DELETE FROM audit_segments");
}

#[test]
fn sqlite_refuses_to_change_or_remove_events() {
    let (_dir, url) = migrated_sqlite();
    let mut raw = SqliteConnection::establish(url.sqlite_path().unwrap().to_str().unwrap()).unwrap();
    let mut run = |sql: &str| raw.batch_execute(sql).map_err(|error| error.to_string());
    assert_logs_stay(&*open(&url), &mut run);
}

#[test]
fn postgres_refuses_to_change_or_remove_events() {
    let (database, url) = migrated_postgres();
    let mut run = |sql: &str| database.run_sql(sql).map(drop).map_err(|error| error.to_string());
    assert_logs_stay(&*open(&url), &mut run);
    for table in ["audit_events", "audit_trail", "audit_segments"] {
        let error = run(&format!("TRUNCATE {table}")).unwrap_err();
        assert!(error.contains("audit events "), "{error}");
    }
}

#[test]
fn the_change_log_says_what_each_change_was_about() {
    let (database, url) = migrated_postgres();
    record_events(&*open(&url));
    let columns = "sequence, tenant_id IS NOT NULL, app_id IS NOT NULL, tokens_dead, at";
    let rows = database.run_sql(&format!("SELECT {columns} FROM change_log ORDER BY sequence")).unwrap();
    let (first, second) = (fixtures::START.as_micros(), fixtures::later(1).as_micros());
    assert_eq!(rows.trim(), format!("1|t|f|f|{first}\n2|t|t|t|{second}"));
}

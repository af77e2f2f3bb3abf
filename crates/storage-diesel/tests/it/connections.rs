//! Opening databases, and what happens when they are busy or gone.

use std::sync::mpsc;
use std::time::Duration;

use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::user::User;
use turnkeep_storage::error::StoreError;
use turnkeep_storage::outcome::{Deleted, Updated};
use turnkeep_storage::store::Store;
use turnkeep_storage::usage::{RecordedUsage, UsageReport};
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::pool::{ConnectError, PoolOptions};
use turnkeep_testkit::fixtures;
use turnkeep_testkit::postgres::PostgresCluster;

use crate::backends::{migrated_postgres, migrated_sqlite, open, postgres_url};

/// Options under which whoever has to wait gives up soon.
fn impatient() -> PoolOptions {
    let moment = Duration::from_millis(50);
    PoolOptions { connections: 1, connection_timeout: moment, lock_timeout: moment, ..PoolOptions::default() }
}

fn connect(url: &DatabaseUrl, options: &PoolOptions) -> Box<dyn Store> {
    Box::new(DieselStore::connect(url, options).unwrap())
}

/// Tries a mutation on `second` while one on `first` lasts.
fn mutate_meanwhile(first: &dyn Store, second: &dyn Store) -> Result<(), StoreError> {
    let (began, wait_for_begin) = mpsc::channel();
    let (end, wait_for_end) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            first.mutate(|_| {
                began.send(()).unwrap();
                // Ends as soon as the other side is done, or has panicked.
                let _ = wait_for_end.recv();
                Ok(())
            })
        });
        wait_for_begin.recv().unwrap();
        let outcome = second.mutate(|_| Ok(()));
        drop(end);
        outcome
    })
}

#[test]
fn a_mutation_that_waits_too_long_is_unavailable() {
    let (_dir, sqlite) = migrated_sqlite();
    let (_database, postgres) = migrated_postgres();
    for url in [sqlite, postgres] {
        let (one, two) = (connect(&url, &impatient()), connect(&url, &impatient()));
        for (first, second) in [(&one, &two), (&one, &one)] {
            let outcome = mutate_meanwhile(&**first, &**second);
            assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{url}: {outcome:?}");
        }
        two.mutate(|_| Ok(())).unwrap();
    }
}

#[test]
fn a_mutation_that_pauses_too_long_lets_others_go_on() {
    let (_database, url) = migrated_postgres();
    let pausing = PoolOptions { pause_timeout: Duration::from_secs(1), ..PoolOptions::default() };
    let (first, second) = (connect(&url, &pausing), connect(&url, &PoolOptions::default()));
    let (began, wait_for_begin) = mpsc::channel();
    let (end, wait_for_end) = mpsc::channel::<()>();
    let outcome = std::thread::scope(|scope| {
        let pausing = scope.spawn(move || {
            first.mutate(|writes| {
                began.send(()).unwrap();
                let _ = wait_for_end.recv();
                writes.insert_instance(&fixtures::instance(1)).map(|_| ())
            })
        });
        wait_for_begin.recv().unwrap();
        second.mutate(|writes| writes.insert_instance(&fixtures::instance(2)).map(|_| ())).unwrap();
        drop(end);
        pausing.join().unwrap()
    });
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    assert_eq!(second.read(|reads| reads.list_instances()).unwrap(), [fixtures::instance(2)]);
}

#[test]
fn a_reader_goes_on_seeing_its_moment() {
    let (_dir, sqlite) = migrated_sqlite();
    let (_database, postgres) = migrated_postgres();
    for url in [sqlite, postgres] {
        let (store, other) = (open(&url), open(&url));
        let insert =
            |number| other.mutate(|writes| writes.insert_instance(&fixtures::instance(number)).map(|_| ()));
        insert(1).unwrap();
        store
            .read(|reads| {
                let before = reads.list_instances()?;
                insert(2)?;
                assert_eq!(reads.list_instances()?, before, "{url}");
                assert_eq!(reads.find_instance(fixtures::instance(2).id)?, None);
                Ok(())
            })
            .unwrap();
        assert_eq!(store.read(|reads| reads.list_instances()).unwrap().len(), 2);
    }
}

#[test]
fn whoever_is_let_in_on_postgres_waits_for_no_mutation() {
    let (_database, url) = migrated_postgres();
    let store = connect(&url, &impatient());
    let instance = fixtures::instance(1);
    let tenant = fixtures::tenant(&instance, 1);
    let app = fixtures::app(&tenant, 1);
    let user = fixtures::user(&instance, 1);
    let session = fixtures::session(&user, 1);
    let grant = fixtures::person_grant(&app, &session, 1);
    let (code, hash) = (fixtures::authorization_code(&grant), fixtures::hash(1));
    store
        .mutate(|writes| {
            let _inserted = writes.insert_instance(&instance)?;
            let _inserted = writes.insert_tenant(&tenant)?;
            let _inserted = writes.insert_app(&app)?;
            writes.insert_user(&user).map(|_| ())
        })
        .unwrap();
    // The mutation has changed the user and the app that the others come in by, and is not over.
    store
        .mutate(|writes| {
            let scope = ChangeScope::User(instance.id, user.id);
            let sequence = writes.record_change(scope, TokensBefore::Dead, fixtures::START)?;
            let email = Some(fixtures::email("ada@example.com"));
            let version = user.version.next();
            let changed = User { tokens_dead_below: sequence, email, version, ..user.clone() };
            assert_eq!(writes.update_user(&changed, user.version)?, Updated::Updated);
            let mut app_changed = app.clone();
            app_changed.version = app.version.next();
            assert_eq!(writes.update_app(&app_changed, app.version)?, Updated::Updated);
            store.admit(|admits| {
                let _inserted = admits.insert_session(&session, &hash)?;
                admits.put_consent(&fixtures::consent(&app, &user))?;
                let _inserted = admits.insert_grant(&grant, &code, &hash)?;
                assert_eq!(admits.redeem_code(instance.id, &hash, fixtures::START)?, Updated::Updated);
                let _inserted =
                    admits.insert_refresh_token(instance.id, &fixtures::refresh_token(&grant), &hash)?;
                fixtures::append_events(admits, instance.id, &[fixtures::audit_event(&tenant, 1)])
            })?;
            // What one mutation has written, the next reads: it was let in before, so this one can end it.
            assert_eq!(
                writes.end_session(instance.id, user.id, session.id, fixtures::START)?,
                Updated::Updated
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn bookkeeping_on_postgres_does_not_wait_for_mutations() {
    let (_database, url) = migrated_postgres();
    let store = connect(&url, &impatient());
    let instance = fixtures::instance(1);
    let tenant = fixtures::tenant(&instance, 1);
    let app = fixtures::app(&tenant, 1);
    let leaving = fixtures::app(&tenant, 2);
    let secret = fixtures::stored_secret(&app, 1);
    store
        .mutate(|writes| {
            let _inserted = writes.insert_instance(&instance)?;
            let _inserted = writes.insert_tenant(&tenant)?;
            let _inserted = writes.insert_app(&app)?;
            let _inserted = writes.insert_app(&leaving)?;
            writes.insert_secret(tenant.id, &secret)
        })
        .unwrap();
    store
        .mutate(|writes| {
            assert_eq!(writes.revoke_all_secrets(tenant.id, app.id, fixtures::later(1))?, 1);
            let used = turnkeep_storage::bookkeeping::SecretUse {
                secret_id: secret.secret.id,
                app_id: app.id,
                at: fixtures::later(2),
            };
            store.keep_books(|books| books.record_secret_uses(&[used]))?;
            store.keep_books(|books| {
                let digest = fixtures::secret_digest(2);
                books.replace_secret_digest(app.id, secret.secret.id, &secret.digest.record, &digest)
            })?;
            let usage = UsageReport {
                instance_id: instance.id,
                reporter_id: app.id,
                received_at: fixtures::START,
                events: vec![(tenant.id, fixtures::usage_event(&leaving, "1", 1, fixtures::START))],
            };
            let deleted = writes.delete_app(instance.id, tenant.id, leaving.id)?;
            assert_eq!(deleted, Deleted::Deleted);
            let recorded = store.keep_books(|books| books.record_usage(&usage))?;
            assert_eq!(recorded, [RecordedUsage::Counted]);
            let refusal = fixtures::audit_event(&tenant, 1);
            store.keep_books(|books| fixtures::append_events(books, instance.id, &[refusal]).map(drop))
        })
        .unwrap();
    let stored = store.read(|reads| reads.list_secrets(tenant.id, app.id)).unwrap();
    assert_eq!(stored[0].secret.last_used_at, Some(fixtures::later(2)));
    assert_eq!(stored[0].digest, fixtures::secret_digest(2));
}

#[test]
fn nodes_on_postgres_do_not_wait_for_mutations() {
    let (_database, url) = migrated_postgres();
    let (store, other) = (connect(&url, &impatient()), connect(&url, &impatient()));
    let instance = fixtures::instance(1);
    let (one, two) =
        (fixtures::node(1, ChangeSequence::ZERO), fixtures::node(2, ChangeSequence::from_number(1)));
    store.keep_books(|books| books.register_node(&one)).unwrap();
    store
        .mutate(|writes| {
            let scope = ChangeScope::Instance(instance.id);
            let sequence = writes.record_change(scope, TokensBefore::Dead, fixtures::START)?;
            for store in [&store, &other] {
                store.keep_books(|books| books.register_node(&two))?;
                store.keep_books(|books| {
                    assert_eq!(books.acknowledge_changes(one.id, sequence)?, Updated::Updated);
                    assert_eq!(books.remove_node(two.id)?, Deleted::Deleted);
                    Ok(())
                })?;
                assert_eq!(store.read(|reads| reads.count_nodes())?, 1);
                assert_eq!(store.read(|reads| reads.change_sequence())?, ChangeSequence::ZERO);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_server_that_is_not_there_is_named_as_the_cause() {
    let url = DatabaseUrl::parse("postgres://turnkeep:hunter2@127.0.0.1:1/turnkeep").unwrap();
    let error = DieselStore::connect(&url, &PoolOptions::default()).unwrap_err();
    assert!(matches!(error, ConnectError::Unreachable(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("hunter2"));
}

#[test]
fn a_malformed_url_is_not_repeated() {
    for text in [
        "postgres://u:hunter2@[::1/turnkeep",
        "postgres://h/d?password=hunter2&x=y",
        "postgres://%zz:hunter2@h/d",
        "postgres://u:p@hunter2@h.invalid/d",
    ] {
        let error = DieselStore::connect(&DatabaseUrl::parse(text).unwrap(), &impatient()).unwrap_err();
        assert!(matches!(error, ConnectError::Url), "{error:?}");
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}

#[test]
fn a_folder_that_is_not_there_is_not_made() {
    let url = DatabaseUrl::parse("sqlite:/nowhere/at/all/turnkeep.db").unwrap();
    assert!(matches!(DieselStore::connect(&url, &impatient()), Err(ConnectError::File(_))));
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, url) = migrated_sqlite();
    let store = open(&url);
    store.mutate(|writes| writes.insert_instance(&fixtures::instance(1)).map(|_| ())).unwrap();
    let mut files = 0;
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        files += 1;
    }
    assert!(2 <= files, "the database and its log");
}

#[test]
fn what_was_committed_is_there_after_opening_again() {
    let (_dir, url) = migrated_sqlite();
    let instance = fixtures::instance(1);
    open(&url).mutate(|writes| writes.insert_instance(&instance).map(|_| ())).unwrap();
    assert_eq!(open(&url).read(|reads| reads.list_instances()).unwrap(), [instance]);
}

#[test]
fn connections_that_the_server_has_closed_are_replaced() {
    let (database, url) = migrated_postgres();
    let store = open(&url);
    let instance = fixtures::instance(1);
    store.mutate(|writes| writes.insert_instance(&instance).map(|_| ())).unwrap();
    for _ in 0..3 {
        store.read(|reads| reads.list_instances()).unwrap();
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        database.run_sql(others).unwrap();
        assert_eq!(store.read(|reads| reads.list_instances()).unwrap(), std::slice::from_ref(&instance));
        store.mutate(|_| Ok(())).unwrap();
        store.keep_books(|books| books.lock_audit_head(instance.id).map(drop)).unwrap();
    }
}

#[test]
fn a_server_that_goes_away_makes_the_store_unavailable() {
    let cluster = PostgresCluster::start().unwrap();
    let database = cluster.new_database().unwrap();
    let url = postgres_url(&database);
    turnkeep_storage_diesel::migrations::apply(&url).unwrap();
    let store = connect(&url, &impatient());
    store.read(|reads| reads.list_instances()).unwrap();
    drop(cluster);
    let outcome = store.read(|reads| reads.list_instances());
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    let outcome = store.mutate(|_| Ok(()));
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
}

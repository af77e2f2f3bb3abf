//! What a transaction is.

use std::panic::{AssertUnwindSafe, catch_unwind};

use turnkeep_domain::instance::Instance;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::{Store, Writes};

use super::given;
use crate::fixtures;

fn made_up() -> StoreError {
    StoreError::Database("made up".into())
}

fn insert(writes: &mut dyn Writes, number: u32) -> StoreResult<()> {
    assert_eq!(writes.insert_instance(&fixtures::instance(number))?, Inserted::Inserted);
    Ok(())
}

fn assert_stored(store: &dyn Store, expected: &[Instance]) {
    assert_eq!(given::read(store, |reads| reads.list_instances()), expected);
}

/// A denial is a value: what was recorded about it stays.
pub fn an_ok_commits_whatever_it_says(store: &dyn Store) {
    let denial: Result<(), &str> = given::mutate(store, |writes| {
        insert(writes, 1)?;
        Ok(Err("denied"))
    });
    assert_eq!(denial, Err("denied"));
    assert_stored(store, &[fixtures::instance(1)]);
}

/// And leaves the store usable.
pub fn an_error_rolls_back_everything(store: &dyn Store) {
    let failed = store.mutate(|writes| {
        insert(writes, 1)?;
        insert(writes, 2)?;
        Err::<(), _>(made_up())
    });
    assert!(matches!(failed, Err(StoreError::Database(cause)) if cause.to_string() == "made up"));
    assert_stored(store, &[]);
    given::mutate(store, |writes| insert(writes, 3));
    assert_stored(store, &[fixtures::instance(3)]);
}

/// And leaves the store usable, more often than it may have connections.
pub fn a_panic_rolls_back_everything(store: &dyn Store) {
    for _ in 0..20 {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            store.mutate(|writes| {
                insert(writes, 1)?;
                std::panic::resume_unwind(Box::new("made up"));
                #[expect(unreachable_code, reason = "gives the closure its type")]
                Ok(())
            })
        }));
        assert!(panicked.is_err());
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            store.read(|reads| {
                assert_eq!(reads.list_instances()?, []);
                std::panic::resume_unwind(Box::new("made up"));
                #[expect(unreachable_code, reason = "gives the closure its type")]
                Ok(())
            })
        }));
        assert!(panicked.is_err());
    }
    given::mutate(store, |writes| insert(writes, 2));
    assert_stored(store, &[fixtures::instance(2)]);
}

/// Also what only notes.
pub fn bookkeeping_rolls_back_too(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let instance_id = instance.id;
    let event = [fixtures::audit_event(&tenant, 1)];
    let failed = store.keep_books(|books| {
        fixtures::append_events(books, instance_id, &event)?;
        Err::<(), _>(made_up())
    });
    assert!(failed.is_err());
    assert_eq!(given::read(store, |reads| reads.audit_head(instance_id)), None);
    given::keep_books(store, |books| fixtures::append_events(books, instance_id, &event));
    assert!(given::read(store, |reads| reads.audit_head(instance_id)).is_some());
}

/// Work that ignores a failure does not get half of what it did.
pub fn a_failed_query_cannot_be_committed(store: &dyn Store) {
    let orphan = fixtures::tenant(&fixtures::instance(9), 1);
    let ignored = store.mutate(|writes| {
        insert(writes, 1)?;
        assert!(writes.insert_tenant(&orphan).is_err());
        Ok(())
    });
    assert!(ignored.is_err());
    assert_stored(store, &[]);
}

/// A record of a tenant that does not exist is our fault, not a conflict.
pub fn a_reference_to_nothing_is_refused(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let absent = fixtures::tenant(&instance, 1);
    let orphan = fixtures::app(&absent, 1);
    assert!(matches!(store.mutate(|writes| writes.insert_app(&orphan)), Err(StoreError::Database(_))));
    let tenant = given::tenant(store, &instance, 2);
    let mut app = fixtures::app(&tenant, 2);
    app.plan = Some(fixtures::plan_assignment(&fixtures::plan(&instance, 1)));
    assert!(matches!(store.mutate(|writes| writes.insert_app(&app)), Err(StoreError::Database(_))));
    let secret = fixtures::stored_secret(&orphan, 1);
    let inserted = store.mutate(|writes| writes.insert_secret(tenant.id, &secret));
    assert!(matches!(inserted, Err(StoreError::Database(_))));
}

//! Secrets whose time comes, and those whose time is over.

use turnkeep_domain::app::App;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::bookkeeping::ExpiringSecret;
use turnkeep_storage::secret::StoredSecret;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_apps(store: &dyn Store) -> [App; 2] {
    [1, 2].map(|number| {
        let instance = given::instance(store, number);
        let tenant = given::tenant(store, &instance, number);
        given::app(store, &tenant, number)
    })
}

fn insert(
    store: &dyn Store,
    app: &App,
    number: u32,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
) -> StoredSecret {
    let mut secret = fixtures::stored_secret(app, number);
    (secret.secret.expires_at, secret.secret.revoked_at) = (expires_at, revoked_at);
    given::mutate(store, |writes| writes.insert_secret(app.tenant_id, &secret));
    secret
}

fn expiring(app: &App, secret: &StoredSecret) -> ExpiringSecret {
    ExpiringSecret {
        instance_id: app.instance_id,
        tenant_id: app.tenant_id,
        app_id: app.id,
        secret_id: secret.secret.id,
    }
}

/// Of all instances, the next to expire first, and no more than asked for. Neither what does not expire in time nor
/// what no longer authenticates.
pub fn secrets_that_expire_before_long_come_in_order(store: &dyn Store) {
    let [one, two] = given_apps(store);
    let (now, until) = (fixtures::later(100), fixtures::later(200));
    let at = |secs| Some(fixtures::later(secs));
    let last = insert(store, &one, 1, at(200), None);
    let first = insert(store, &one, 2, at(101), None);
    let tied = insert(store, &two, 3, at(150), None);
    let tied_too = insert(store, &one, 4, at(150), None);
    insert(store, &one, 5, None, None);
    insert(store, &one, 6, at(100), None);
    insert(store, &one, 7, at(201), None);
    insert(store, &one, 8, at(150), at(10));
    let expected =
        [expiring(&one, &first), expiring(&two, &tied), expiring(&one, &tied_too), expiring(&one, &last)];
    let list = |limit| given::keep_books(store, |books| books.list_expiring_secrets(now, until, 30, limit));
    assert_eq!(list(100), expected);
    assert_eq!(list(2), expected[..2]);
    assert_eq!(list(0), []);
}

/// Once they were warned of, with so many days or fewer left; each secret on its own.
pub fn nobody_is_warned_twice_of_the_same(store: &dyn Store) {
    let [one, two] = given_apps(store);
    let secret = expiring(&one, &insert(store, &one, 1, Some(fixtures::later(50)), None));
    let other = expiring(&two, &insert(store, &two, 2, Some(fixtures::later(60)), None));
    let list = |days| {
        given::keep_books(store, |books| {
            books.list_expiring_secrets(fixtures::START, fixtures::later(100), days, 10)
        })
    };
    let warn = |secret, days| {
        given::keep_books(store, |books| books.note_expiry_warning(&secret, days));
    };
    assert_eq!(list(30), [secret, other]);
    // Nobody's secret: the app is another one.
    warn(ExpiringSecret { app_id: one.id, ..other }, 1);
    warn(secret, 30);
    assert_eq!((list(31), list(30)), (vec![other], vec![other]));
    assert_eq!(list(29), [secret, other]);
    warn(secret, 7);
    assert_eq!((list(30), list(7)), (vec![other], vec![other]));
    assert_eq!(list(1), [secret, other]);
    let unwarned = given::read(store, |reads| reads.list_secrets(one.tenant_id, one.id));
    assert_eq!(
        unwarned.first().unwrap().secret.expires_at,
        Some(fixtures::later(50)),
        "its life is the same"
    );
}

/// What expired or was revoked before the given time, with its digest; nothing else.
pub fn secrets_that_ended_are_purged(store: &dyn Store) {
    let apps = given_apps(store);
    let [one, two] = &apps;
    let at = |secs| Some(fixtures::later(secs));
    let ended = [
        (one, insert(store, one, 1, at(99), None)),
        (two, insert(store, two, 2, None, at(99))),
        (one, insert(store, one, 3, at(99), at(200))),
        (two, insert(store, two, 4, at(200), at(99))),
    ];
    for (number, expires_at, revoked_at) in
        [(11, None, None), (12, at(100), None), (13, None, at(100)), (14, at(100), at(100))]
    {
        insert(store, one, number, expires_at, revoked_at);
    }
    let purge = || given::mutate(store, |writes| writes.purge_secrets(fixtures::later(100)));
    assert_eq!((purge(), purge()), (4, 0));
    given::mutate(store, |writes| {
        assert_eq!(writes.list_secrets(one.tenant_id, one.id)?.len(), 4);
        assert!(writes.list_secrets(two.tenant_id, two.id)?.is_empty());
        // Nothing is left of it that a new secret could run into.
        for (app, secret) in &ended {
            writes.insert_secret(app.tenant_id, secret)?;
        }
        Ok(())
    });
}

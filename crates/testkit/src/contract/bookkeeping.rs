//! Notes about secrets.

use turnkeep_domain::app::App;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::digest::SecretDigest;
use turnkeep_storage::bookkeeping::SecretUse;
use turnkeep_storage::secret::StoredSecret;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_app(store: &dyn Store) -> App {
    let instance = given::instance(store, 1);
    given::app(store, &given::tenant(store, &instance, 1), 1)
}

fn listed(store: &dyn Store, app: &App, secret: &StoredSecret) -> StoredSecret {
    let all = given::read(store, |reads| reads.list_secrets(app.tenant_id, app.id));
    all.into_iter().find(|stored| stored.secret.id == secret.secret.id).unwrap()
}

/// Whatever the order in which uses arrive, also within one batch; uses of nobody's secret are ignored.
pub fn the_last_use_never_goes_back(store: &dyn Store) {
    let app = given_app(store);
    let (one, two) = (given::secret(store, &app, 1), given::secret(store, &app, 2));
    let nobodys = fixtures::stored_secret(&app, 3);
    let used =
        |secret: &StoredSecret, at: Timestamp| SecretUse { secret_id: secret.secret.id, app_id: app.id, at };
    let [first, second, third] = [10, 20, 30].map(fixtures::later);
    let batches: [(&[SecretUse], Option<Timestamp>); 4] = [
        (&[], None),
        (&[used(&one, second), used(&nobodys, second)], Some(second)),
        (&[used(&one, first)], Some(second)),
        (&[used(&one, third), used(&one, first)], Some(third)),
    ];
    for (batch, expected) in batches {
        given::keep_books(store, |books| books.record_secret_uses(batch));
        assert_eq!(listed(store, &app, &one).secret.last_used_at, expected);
    }
    assert_eq!(listed(store, &app, &two).secret.last_used_at, None);
}

/// A digest that somebody else replaced meanwhile is left alone, and so is the secret's life.
pub fn a_digest_is_replaced_if_it_is_still_the_one(store: &dyn Store) {
    let app = given_app(store);
    let secret = given::secret(store, &app, 1);
    let bystander = given::secret(store, &app, 9);
    let better = fixtures::secret_digest(2);
    let late = SecretDigest { mac: None, ..fixtures::secret_digest(3) };
    for (digest, expected) in [(&better, &better), (&late, &better)] {
        given::keep_books(store, |books| {
            books.replace_secret_digest(app.id, secret.secret.id, &secret.digest.record, digest)
        });
        let stored = listed(store, &app, &secret);
        assert_eq!(&stored.digest, expected);
        assert_eq!(stored.secret, secret.secret);
    }
    given::keep_books(store, |books| {
        books.replace_secret_digest(app.id, secret.secret.id, &better.record, &late)
    });
    assert_eq!(listed(store, &app, &secret).digest, late, "the MAC is gone too");
    assert_eq!(listed(store, &app, &bystander).digest, bystander.digest);
}

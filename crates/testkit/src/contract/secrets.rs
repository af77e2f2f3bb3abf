//! Secrets of apps.

use turnkeep_domain::app::App;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::digest::{SecretDigest, SecretRecord};
use turnkeep_secret::scrypt_hash::{ScryptHash, ScryptParams};
use turnkeep_storage::secret::StoredSecret;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_app(store: &dyn Store) -> App {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    given::app(store, &tenant, 1)
}

fn listed(store: &dyn Store, app: &App) -> Vec<StoredSecret> {
    given::read(store, |reads| reads.list_secrets(app.tenant_id, app.id))
}

fn with_times(
    mut secret: StoredSecret,
    expires: Option<Timestamp>,
    revoked: Option<Timestamp>,
) -> StoredSecret {
    secret.secret.expires_at = expires;
    secret.secret.revoked_at = revoked;
    secret
}

/// Inserted and listed in every form, with both kinds of records, with and without MAC.
pub fn every_form_of_a_secret_round_trips(store: &dyn Store) {
    let app = given_app(store);
    let mut forms = Vec::new();
    let mac = fixtures::secret_digest(1).mac;
    let cheap = ScryptParams::new(4, 8, 1).unwrap();
    let scrypt = SecretRecord::Scrypt(ScryptHash::make("a secret", cheap, [1; 16]).unwrap());
    for record in [scrypt, fixtures::secret_digest(2).record] {
        for mac in [None, mac] {
            for time in [None, Some(fixtures::later(77))] {
                let number = u32::try_from(forms.len()).unwrap() + 1;
                let mut form = with_times(fixtures::stored_secret(&app, number), time, time);
                form.secret.last_used_at = time;
                form.digest = SecretDigest { record: record.clone(), mac };
                given::mutate(store, |writes| writes.insert_secret(app.tenant_id, &form));
                forms.push(form);
            }
        }
    }
    let listed = listed(store, &app);
    assert_eq!(listed.len(), forms.len());
    for (listed, form) in listed.iter().zip(forms.iter().rev()) {
        assert_eq!(listed.secret, form.secret);
        assert_eq!(listed.digest, form.digest);
    }
}

/// By their time of creation.
pub fn the_newest_secret_comes_first(store: &dyn Store) {
    let app = given_app(store);
    for number in [2, 3, 1] {
        given::secret(store, &app, number);
    }
    let listed: Vec<_> = listed(store, &app).iter().map(|stored| stored.secret.created_at).collect();
    assert_eq!(listed.len(), 3);
    assert!(listed.is_sorted_by(|newer, older| older < newer));
}

/// The second revocation finds nothing and leaves the time of the first.
pub fn a_secret_is_revoked_once(store: &dyn Store) {
    let app = given_app(store);
    let (one, two) = (given::secret(store, &app, 1), given::secret(store, &app, 2));
    given::mutate(store, |writes| {
        let revoke = |at| (app.tenant_id, app.id, one.secret.id, at);
        for (at, expected) in [(fixtures::later(1), 1), (fixtures::later(2), 0)] {
            let (tenant_id, app_id, id, at) = revoke(at);
            assert_eq!(writes.revoke_secret(tenant_id, app_id, id, at)?, expected);
        }
        Ok(())
    });
    let listed = listed(store, &app);
    let revoked_at = |id| listed.iter().find(|stored| stored.secret.id == id).unwrap().secret.revoked_at;
    assert_eq!(revoked_at(one.secret.id), Some(fixtures::later(1)));
    assert_eq!(revoked_at(two.secret.id), None);
}

/// Those that were revoked before keep their time.
pub fn all_unrevoked_secrets_are_revoked_at_once(store: &dyn Store) {
    let app = given_app(store);
    let other = given::app(store, &fixtures::tenant(&fixtures::instance(1), 1), 2);
    for number in 1..=3 {
        given::secret(store, &app, number);
    }
    given::secret(store, &other, 4);
    let revoked = with_times(fixtures::stored_secret(&app, 5), None, Some(fixtures::later(1)));
    given::mutate(store, |writes| {
        writes.insert_secret(app.tenant_id, &revoked)?;
        assert_eq!(writes.revoke_all_secrets(app.tenant_id, app.id, fixtures::later(2))?, 3);
        assert_eq!(writes.revoke_all_secrets(app.tenant_id, app.id, fixtures::later(3))?, 0);
        Ok(())
    });
    let times: Vec<_> = listed(store, &app).iter().map(|stored| stored.secret.revoked_at).collect();
    let (early, late) = (Some(fixtures::later(1)), Some(fixtures::later(2)));
    assert_eq!(times, [early, late, late, late]);
    assert!(listed(store, &other).iter().all(|stored| stored.secret.revoked_at.is_none()));
}

/// Those that were revoked before keep their time, and the other apps' stay as they are. The one that is kept need
/// not be there.
pub fn all_secrets_but_one_are_revoked(store: &dyn Store) {
    let app = given_app(store);
    let other = given::app(store, &fixtures::tenant(&fixtures::instance(1), 1), 2);
    let kept = given::secret(store, &app, 1);
    given::secret(store, &app, 2);
    let revoked = with_times(fixtures::stored_secret(&app, 3), None, Some(fixtures::later(1)));
    let of_other = given::secret(store, &other, 4);
    let revoke = |keep, at| {
        given::mutate(store, |writes| writes.revoke_other_secrets(app.tenant_id, app.id, keep, at))
    };
    given::mutate(store, |writes| writes.insert_secret(app.tenant_id, &revoked));
    let times = || listed(store, &app).iter().map(|stored| stored.secret.revoked_at).collect::<Vec<_>>();
    let [early, late, last] = [1, 2, 3].map(|secs| Some(fixtures::later(secs)));
    assert_eq!(revoke(kept.secret.id, fixtures::later(2)), 1);
    assert_eq!(times(), [early, late, None]);
    assert_eq!(revoke(of_other.secret.id, fixtures::later(3)), 1);
    assert_eq!(times(), [early, late, last]);
    assert!(listed(store, &other).iter().all(|stored| stored.secret.revoked_at.is_none()));
}

/// Of the one secret, if it is this app's; what expires earlier, or is revoked, stays as it is.
pub fn one_lifetime_is_only_ever_shortened(store: &dyn Store) {
    let app = given_app(store);
    let limit = fixtures::later(100);
    let forms = [
        (None, None, 1, Some(limit)),
        (Some(fixtures::later(200)), None, 1, Some(limit)),
        (Some(limit), None, 0, Some(limit)),
        (Some(fixtures::later(50)), None, 0, Some(fixtures::later(50))),
        (None, Some(fixtures::later(1)), 0, None),
    ];
    let bystander = given::secret(store, &app, 99);
    for ((expires, revoked, count, expected), number) in forms.into_iter().zip(1..) {
        let form = with_times(fixtures::stored_secret(&app, number), expires, revoked);
        given::mutate(store, |writes| {
            writes.insert_secret(app.tenant_id, &form)?;
            let id = form.secret.id;
            assert_eq!(writes.limit_secret_lifetime(app.tenant_id, app.id, id, limit)?, count);
            let stored = writes.list_secrets(app.tenant_id, app.id)?;
            let ends = |id| stored.iter().find(|stored| stored.secret.id == id).unwrap().secret.expires_at;
            assert_eq!((ends(id), ends(bystander.secret.id)), (expected, None));
            Ok(())
        });
    }
}

/// What expires earlier, or is revoked, stays as it is.
pub fn lifetimes_are_only_ever_shortened(store: &dyn Store) {
    let app = given_app(store);
    let limit = fixtures::later(100);
    let forms = [
        (None, None, Some(limit)),
        (Some(fixtures::later(200)), None, Some(limit)),
        (Some(limit), None, Some(limit)),
        (Some(fixtures::later(50)), None, Some(fixtures::later(50))),
        (None, Some(fixtures::later(1)), None),
    ];
    for ((expires, revoked, _), number) in forms.into_iter().zip(1..) {
        let form = with_times(fixtures::stored_secret(&app, number), expires, revoked);
        given::mutate(store, |writes| writes.insert_secret(app.tenant_id, &form));
    }
    let limited = given::mutate(store, |writes| writes.limit_secret_lifetimes(app.tenant_id, app.id, limit));
    assert_eq!(limited, 2);
    let expected: Vec<_> = forms.into_iter().rev().map(|(_, _, expected)| expected).collect();
    let found: Vec<_> = listed(store, &app).iter().map(|stored| stored.secret.expires_at).collect();
    assert_eq!(found, expected);
}

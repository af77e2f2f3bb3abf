//! What people sign in with.

use turnkeep_domain::user::User;
use turnkeep_storage::credential::{StoredPasskeyRecord, StoredPassword, StoredTotp};
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_users(store: &dyn Store) -> (User, User) {
    let instance = given::instance(store, 1);
    (given::user(store, &instance, 1), given::user(store, &instance, 2))
}

/// A user has one, and another one takes its place.
pub fn a_password_replaces_the_one_before(store: &dyn Store) {
    let (user, other) = given_users(store);
    let find = |of: &User| given::read(store, |reads| reads.find_password(of.instance_id, of.id));
    assert_eq!(find(&user), None);
    let first = fixtures::password("first");
    let second = StoredPassword { changed_at: fixtures::later(9), ..fixtures::password("second") };
    for password in [&first, &second] {
        given::mutate(store, |writes| writes.put_password(user.instance_id, user.id, password));
        assert_eq!(find(&user).as_ref(), Some(password));
    }
    assert!(find(&user).unwrap().hash.verify("second"));
    assert_eq!(find(&other), None);
}

/// Set, replaced and removed, in every form.
pub fn an_authenticator_comes_and_goes(store: &dyn Store) {
    let (user, other) = given_users(store);
    let find = |of: &User| given::read(store, |reads| reads.find_totp(of.instance_id, of.id));
    let used = StoredTotp { last_step: Some(i64::MAX), ..fixtures::totp(1) };
    for totp in [used, fixtures::totp(2)] {
        given::mutate(store, |writes| writes.put_totp(user.instance_id, user.id, &totp));
        assert_eq!(find(&user), Some(totp));
    }
    assert_eq!(find(&other), None);
    given::mutate(store, |writes| {
        assert_eq!(writes.delete_totp(other.instance_id, other.id)?, Updated::Stale);
        assert_eq!(writes.delete_totp(user.instance_id, user.id)?, Updated::Updated);
        assert_eq!(writes.delete_totp(user.instance_id, user.id)?, Updated::Stale);
        Ok(())
    });
    assert_eq!(find(&user), None);
}

/// Nor is an earlier step, nor that of a user without an authenticator.
pub fn a_time_step_is_used_once(store: &dyn Store) {
    let (user, other) = given_users(store);
    given::mutate(store, |writes| writes.put_totp(user.instance_id, user.id, &fixtures::totp(1)));
    for (step, expected) in [
        (0, Updated::Updated),
        (0, Updated::Stale),
        (7, Updated::Updated),
        (6, Updated::Stale),
        (7, Updated::Stale),
        (8, Updated::Updated),
    ] {
        let used = given::admit(store, |admits| admits.use_totp_step(user.instance_id, user.id, step));
        assert_eq!(used, expected, "{step}");
    }
    let used = given::admit(store, |admits| admits.use_totp_step(other.instance_id, other.id, 9));
    assert_eq!(used, Updated::Stale);
    let found = given::read(store, |reads| reads.find_totp(user.instance_id, user.id));
    assert_eq!(found, Some(StoredTotp { last_step: Some(8), ..fixtures::totp(1) }));
}

/// By its owner; new ones take the place of all that are left.
pub fn a_recovery_code_is_used_once(store: &dyn Store) {
    let (user, other) = given_users(store);
    let codes: Vec<[u8; 32]> = (1..=3).map(fixtures::hash).collect();
    let put = |codes: &[[u8; 32]]| {
        given::mutate(store, |writes| writes.put_recovery_codes(user.instance_id, user.id, codes));
    };
    let use_up = |of: &User, number: u32| {
        let hash = fixtures::hash(number);
        given::admit(store, |admits| admits.use_recovery_code(of.instance_id, of.id, &hash, fixtures::START))
    };
    let left = |of: &User| given::read(store, |reads| reads.count_recovery_codes(of.instance_id, of.id));
    put(&codes);
    assert_eq!(left(&user), 3);
    assert_eq!(use_up(&other, 1), Updated::Stale);
    for (number, expected) in [(1, Updated::Updated), (1, Updated::Stale), (9, Updated::Stale)] {
        assert_eq!(use_up(&user, number), expected, "{number}");
    }
    assert_eq!((left(&user), left(&other)), (2, 0));
    put(&[fixtures::hash(1), fixtures::hash(4)]);
    assert_eq!(left(&user), 2);
    assert_eq!(use_up(&user, 2), Updated::Stale, "it was replaced");
    assert_eq!(use_up(&user, 1), Updated::Updated, "it was made anew");
    put(&[]);
    assert_eq!(left(&user), 0);
}

/// Found by the authenticator's id, listed in the order of creation, and removed by their owner.
pub fn passkeys_come_and_go(store: &dyn Store) {
    let (user, other) = given_users(store);
    let instance_id = user.instance_id;
    let used = StoredPasskeyRecord {
        credential_id: vec![0xff; 1_023],
        last_used_at: Some(fixtures::later(1)),
        ..fixtures::passkey(&user, 1)
    };
    let forms = [used, fixtures::passkey(&user, 2)];
    given::mutate(store, |writes| {
        for form in &forms {
            assert_eq!(writes.insert_passkey(form)?, Inserted::Inserted);
            assert_eq!(writes.find_passkey(instance_id, &form.credential_id)?.as_ref(), Some(form));
        }
        let same = StoredPasskeyRecord {
            credential_id: 2_u32.to_be_bytes().to_vec(),
            ..fixtures::passkey(&other, 3)
        };
        assert_eq!(writes.insert_passkey(&same)?, Inserted::Conflict);
        assert_eq!(writes.list_passkeys(instance_id, user.id)?, forms);
        assert_eq!(writes.list_passkeys(instance_id, other.id)?, []);
        let [first, second] = &forms;
        assert_eq!(writes.delete_passkey(instance_id, other.id, first.id)?, Updated::Stale);
        assert_eq!(writes.delete_passkey(instance_id, user.id, first.id)?, Updated::Updated);
        assert_eq!(writes.delete_passkey(instance_id, user.id, first.id)?, Updated::Stale);
        assert_eq!(writes.list_passkeys(instance_id, user.id)?, std::slice::from_ref(second));
        Ok(())
    });
}

/// With what the authenticator's counter has become.
pub fn the_use_of_a_passkey_is_noted(store: &dyn Store) {
    let (user, _) = given_users(store);
    let [key, bystander] = [1, 2].map(|number| fixtures::passkey(&user, number));
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_passkey(&key)?, Inserted::Inserted);
        assert_eq!(writes.insert_passkey(&bystander)?, Inserted::Inserted);
        Ok(())
    });
    let at = fixtures::later(5);
    given::admit(store, |admits| {
        assert_eq!(admits.use_passkey(user.instance_id, key.id, "changed", at)?, Updated::Updated);
        let absent = fixtures::passkey(&user, 3);
        assert_eq!(admits.use_passkey(user.instance_id, absent.id, "changed", at)?, Updated::Stale);
        let used =
            StoredPasskeyRecord { passkey: "changed".to_owned(), last_used_at: Some(at), ..key.clone() };
        assert_eq!(admits.list_passkeys(user.instance_id, user.id)?, [used, bystander.clone()]);
        Ok(())
    });
}

//! Users.

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::filter::UserFilter;
use turnkeep_domain::instance::Instance;
use turnkeep_domain::page::Page;
use turnkeep_domain::user::{User, UserKind, UserState};
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// Inserted and updated in every form.
pub fn every_form_of_a_user_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    for (kind, number) in [UserKind::Internal, UserKind::Community, UserKind::System].into_iter().zip(1..) {
        let user = User { kind, ..fixtures::user(&instance, number) };
        assert_eq!(given::mutate(store, |writes| writes.insert_user(&user)), Inserted::Inserted);
        let found = given::read(store, |reads| reads.find_user(instance.id, user.id));
        assert_eq!(found.as_ref(), Some(&user));
        let changed = User {
            display_name: fixtures::name("Somebody else"),
            state: UserState::Disabled,
            state_since: fixtures::later(3),
            email: Some(fixtures::email("Somebody@Example.com")),
            tokens_dead_below: ChangeSequence::from_number(i64::MAX),
            version: user.version.next(),
            ..user.clone()
        };
        let updated = given::mutate(store, |writes| writes.update_user(&changed, user.version));
        assert_eq!(updated, Updated::Updated);
        assert_eq!(
            given::read(store, |reads| reads.find_user(instance.id, user.id)).as_ref(),
            Some(&changed)
        );
        let without = User { email: None, version: changed.version.next(), ..changed.clone() };
        let updated = given::mutate(store, |writes| writes.update_user(&without, changed.version));
        assert_eq!(updated, Updated::Updated);
        assert_eq!(given::read(store, |reads| reads.find_user(instance.id, user.id)), Some(without));
    }
}

/// A second user with the same name conflicts, but not in another instance.
pub fn a_user_name_is_taken_once_in_an_instance(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let user = given::system_user(store, &here, 1);
    let same_name = User { name: user.name.clone(), ..fixtures::user(&here, 2) };
    let elsewhere = User { name: user.name.clone(), ..fixtures::user(&there, 3) };
    assert_eq!(given::mutate(store, |writes| writes.insert_user(&same_name)), Inserted::Conflict);
    assert_eq!(given::mutate(store, |writes| writes.insert_user(&elsewhere)), Inserted::Inserted);
}

/// Without regard to case, and not in another instance; nobody has to have one.
pub fn an_e_mail_address_is_taken_once_in_an_instance(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let with = |instance: &Instance, number: u32, text: &str| User {
        email: Some(fixtures::email(text)),
        ..fixtures::user(instance, number)
    };
    let user = with(&here, 1, "Ada@Example.com");
    given::mutate(store, |writes| {
        for (user, expected) in [
            (&user, Inserted::Inserted),
            (&with(&here, 2, "ada@example.COM"), Inserted::Conflict),
            (&with(&there, 3, "ada@example.com"), Inserted::Inserted),
            (&fixtures::user(&here, 4), Inserted::Inserted),
            (&fixtures::user(&here, 5), Inserted::Inserted),
        ] {
            assert_eq!(writes.insert_user(user)?, expected);
        }
        for text in ["Ada@Example.com", "ADA@EXAMPLE.COM"] {
            assert_eq!(writes.find_user_by_email(here.id, &fixtures::email(text))?.as_ref(), Some(&user));
        }
        assert_eq!(writes.find_user_by_email(here.id, &fixtures::email("eve@example.com"))?, None);
        Ok(())
    });
}

/// Of two updates of the same version the second is stale.
pub fn an_update_needs_the_present_version_of_a_user(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let user = given::system_user(store, &instance, 1);
    let changed = User { version: user.version.next(), ..user.clone() };
    for expected in [Updated::Updated, Updated::Stale] {
        assert_eq!(given::mutate(store, |writes| writes.update_user(&changed, user.version)), expected);
    }
}

/// Pages follow each other.
pub fn users_are_listed_page_by_page(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let users: Vec<User> = (1..=3).map(|number| given::system_user(store, &instance, number)).collect();
    let every = UserFilter::default();
    let first = given::read(store, |reads| reads.list_users(instance.id, &every, &Page::first(2)));
    let after = first.last().unwrap().id;
    let second = given::read(store, |reads| reads.list_users(instance.id, &every, &Page::after(after, 2)));
    assert_eq!([first, second].concat(), users);
}

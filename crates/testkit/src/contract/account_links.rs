//! Links that work once.

use turnkeep_domain::account_link::{AccountLink, AccountLinkPurpose};
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// For every purpose, used or not.
pub fn every_form_of_an_account_link_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let user = given::user(store, &instance, 1);
    let purposes = [
        AccountLinkPurpose::FirstOperator,
        AccountLinkPurpose::Welcome(user.id),
        AccountLinkPurpose::Reset(user.id),
    ];
    let mut number = 0;
    for purpose in purposes {
        for used_at in [None, Some(fixtures::later(9))] {
            number += 1;
            let handle = fixtures::hash(number);
            let form = AccountLink { used_at, ..fixtures::account_link(instance.id, purpose) };
            given::admit(store, |admits| {
                assert_eq!(admits.insert_account_link(&form, &handle)?, Inserted::Inserted);
                assert_eq!(admits.insert_account_link(&form, &handle)?, Inserted::Conflict);
                assert_eq!(admits.find_account_link(instance.id, &handle)?, Some(form));
                assert_eq!(admits.find_account_link(instance.id, &fixtures::hash(99))?, None);
                Ok(())
            });
        }
    }
}

/// And not at all once it has expired.
pub fn an_account_link_is_used_once(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let user = given::user(store, &instance, 1);
    let link = fixtures::account_link(instance.id, AccountLinkPurpose::Reset(user.id));
    let [one, two, unknown] = [1, 2, 3].map(fixtures::hash);
    let last = fixtures::later(30 * 60 - 1);
    given::mutate(store, |writes| {
        for handle in [one, two] {
            assert_eq!(writes.insert_account_link(&link, &handle)?, Inserted::Inserted);
        }
        for (handle, now, expected) in [
            (one, link.expires_at, Updated::Stale),
            (one, last, Updated::Updated),
            (one, last, Updated::Stale),
            (unknown, last, Updated::Stale),
            (two, last, Updated::Updated),
        ] {
            assert_eq!(writes.use_account_link(instance.id, &handle, now)?, expected);
        }
        let used = AccountLink { used_at: Some(last), ..link };
        assert_eq!(writes.find_account_link(instance.id, &one)?, Some(used));
        Ok(())
    });
}

/// Those of others, for other purposes, and what was used before, stay as they are.
pub fn all_links_for_a_purpose_are_used_up_at_once(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let (user, other) = (given::user(store, &instance, 1), given::user(store, &instance, 2));
    let welcome = AccountLinkPurpose::Welcome(user.id);
    let links = [
        welcome,
        welcome,
        welcome,
        AccountLinkPurpose::Reset(user.id),
        AccountLinkPurpose::Welcome(other.id),
        AccountLinkPurpose::FirstOperator,
    ];
    given::mutate(store, |writes| {
        for (purpose, number) in links.into_iter().zip(1..) {
            let link = fixtures::account_link(instance.id, purpose);
            assert_eq!(writes.insert_account_link(&link, &fixtures::hash(number))?, Inserted::Inserted);
        }
        let [first, second, third] = [1, 2, 3].map(fixtures::later);
        assert_eq!(writes.use_account_link(instance.id, &fixtures::hash(1), first)?, Updated::Updated);
        writes.use_account_links_for(instance.id, welcome, second)?;
        writes.use_account_links_for(instance.id, AccountLinkPurpose::FirstOperator, third)?;
        let expected = [Some(first), Some(second), Some(second), None, None, Some(third)];
        for (number, expected) in (1..).zip(expected) {
            let found = writes.find_account_link(instance.id, &fixtures::hash(number))?;
            assert_eq!(found.unwrap().used_at, expected, "{number}");
        }
        Ok(())
    });
}

/// Those of others, and what was used before, stay as they are.
pub fn all_links_to_an_account_are_used_up_at_once(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let (user, other) = (given::user(store, &instance, 1), given::user(store, &instance, 2));
    let links = [
        AccountLinkPurpose::Welcome(user.id),
        AccountLinkPurpose::Reset(user.id),
        AccountLinkPurpose::Reset(other.id),
        AccountLinkPurpose::FirstOperator,
    ];
    given::mutate(store, |writes| {
        for (purpose, number) in links.into_iter().zip(1..) {
            let link = fixtures::account_link(instance.id, purpose);
            assert_eq!(writes.insert_account_link(&link, &fixtures::hash(number))?, Inserted::Inserted);
        }
        let [first, second] = [1, 2].map(fixtures::later);
        assert_eq!(writes.use_account_link(instance.id, &fixtures::hash(1), first)?, Updated::Updated);
        writes.use_account_links_of(instance.id, user.id, second)?;
        for (number, expected) in [(1, Some(first)), (2, Some(second)), (3, None), (4, None)] {
            let found = writes.find_account_link(instance.id, &fixtures::hash(number))?;
            assert_eq!(found.unwrap().used_at, expected, "{number}");
        }
        Ok(())
    });
}

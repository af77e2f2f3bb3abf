//! Tokens by which people use the management API.

use std::time::Duration;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::instance::Instance;
use turnkeep_domain::management_token::ManagementToken;
use turnkeep_domain::user::User;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_user(store: &dyn Store) -> (Instance, User) {
    let instance = given::instance(store, 1);
    let user = given::user(store, &instance, 1);
    (instance, user)
}

/// With and without tenant, revoked and not; found by the handle and listed in the order of creation.
pub fn every_form_of_a_management_token_round_trips(store: &dyn Store) {
    let (instance, user) = given_user(store);
    let other = given::user(store, &instance, 2);
    let tenant = given::tenant(store, &instance, 1);
    let mut forms = Vec::new();
    let revoked = Some(fixtures::later(5));
    for (tenant_id, revoked_at) in
        [(None, None), (Some(tenant.id), None), (None, revoked), (Some(tenant.id), revoked)]
    {
        let number = u32::try_from(forms.len()).unwrap() + 1;
        let issued_by = if number % 2 == 0 { Actor::User(other.id) } else { Actor::CommandLine };
        let form = ManagementToken {
            tenant_id,
            revoked_at,
            issued_by,
            expires_at: fixtures::later(number.into()),
            ..fixtures::management_token(&user, number)
        };
        let handle = fixtures::hash(number);
        given::mutate(store, |writes| {
            assert_eq!(writes.insert_management_token(&form, &handle)?, Inserted::Inserted);
            assert_eq!(writes.find_management_token(instance.id, &handle)?, Some(form));
            Ok(())
        });
        forms.push(form);
    }
    let of_other = fixtures::management_token(&other, 9);
    given::mutate(store, |writes| {
        let inserted = writes.insert_management_token(&of_other, &fixtures::hash(9))?;
        assert_eq!(inserted, Inserted::Inserted);
        assert_eq!(writes.list_management_tokens(instance.id, user.id)?, forms);
        assert_eq!(writes.find_management_token(instance.id, &fixtures::hash(10))?, None);
        Ok(())
    });
}

/// Two tokens never share a handle.
pub fn a_management_token_handle_is_taken_once(store: &dyn Store) {
    let (instance, user) = given_user(store);
    let [first, second] = [1, 2].map(|number| fixtures::management_token(&user, number));
    let handle = fixtures::hash(1);
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_management_token(&first, &handle)?, Inserted::Inserted);
        assert_eq!(writes.insert_management_token(&second, &handle)?, Inserted::Conflict);
        assert_eq!(writes.find_management_token(instance.id, &handle)?, Some(first));
        Ok(())
    });
}

/// The second revocation is stale and leaves the time of the first; so is one of another user's token.
pub fn a_management_token_is_revoked_once(store: &dyn Store) {
    let (instance, user) = given_user(store);
    let other = given::user(store, &instance, 2);
    let token = given::management_token(store, &user, 1);
    let bystander = given::management_token(store, &user, 2);
    let [first, second] = [1, 2].map(fixtures::later);
    given::mutate(store, |writes| {
        let by_other = writes.revoke_management_token(instance.id, other.id, token.id, first)?;
        assert_eq!(by_other, Updated::Stale);
        for (at, expected) in [(first, Updated::Updated), (second, Updated::Stale)] {
            assert_eq!(writes.revoke_management_token(instance.id, user.id, token.id, at)?, expected);
        }
        let revoked = ManagementToken { revoked_at: Some(first), ..token };
        assert_eq!(writes.list_management_tokens(instance.id, user.id)?, [revoked, bystander]);
        Ok(())
    });
}

/// Not before the given time has passed their end; a revocation alone does not remove one.
pub fn ended_management_tokens_are_purged(store: &dyn Store) {
    let (instance, user) = given_user(store);
    let token = given::management_token(store, &user, 1);
    let longer = ManagementToken {
        expires_at: token.expires_at.plus(Duration::from_secs(100)),
        revoked_at: Some(fixtures::START),
        ..fixtures::management_token(&user, 2)
    };
    given::mutate(store, |writes| {
        let inserted = writes.insert_management_token(&longer, &fixtures::hash(2))?;
        assert_eq!(inserted, Inserted::Inserted);
        Ok(())
    });
    let purge = |before| given::keep_books(store, |books| books.purge_management_tokens(before));
    assert_eq!(purge(token.expires_at), 0);
    assert_eq!(purge(token.expires_at.plus(Duration::from_micros(1))), 1);
    assert_eq!(given::read(store, |reads| reads.list_management_tokens(instance.id, user.id)), [longer]);
}

//! Requests that must not be done twice.

use turnkeep_domain::instance::Instance;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::idempotency::{IdempotencyKey, IdempotentRequest, KeptAnswer};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn insert(store: &dyn Store, request: &IdempotentRequest) -> Inserted {
    given::mutate(store, |writes| writes.insert_idempotent_request(request))
}

fn found(store: &dyn Store, key: &IdempotencyKey, now: Timestamp) -> Option<IdempotentRequest> {
    given::read(store, |reads| reads.find_idempotent_request(key, now))
}

fn of_actor(instance: &Instance, actor: &str) -> IdempotentRequest {
    let mut request = fixtures::idempotent_request(instance, 1);
    actor.clone_into(&mut request.key.actor);
    request
}

/// With and without an answer, and with one that has nothing but a status and an empty body.
pub fn every_form_of_an_idempotent_request_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let bare = KeptAnswer { status: 999, etag: None, location: None, body: Vec::new() };
    let binary = KeptAnswer { body: vec![0, 0xff, 0x27], ..fixtures::kept_answer() };
    for (answer, number) in
        [None, Some(fixtures::kept_answer()), Some(bare), Some(binary)].into_iter().zip(1..)
    {
        let request = IdempotentRequest { answer, ..fixtures::idempotent_request(&instance, number) };
        assert_eq!(found(store, &request.key, fixtures::START), None);
        assert_eq!(insert(store, &request), Inserted::Inserted);
        assert_eq!(found(store, &request.key, fixtures::START), Some(request));
    }
}

/// A request under a key that is taken conflicts, whatever it says; the first one stays.
pub fn a_key_is_taken_once_by_an_actor(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let first = of_actor(&instance, "command-line");
    let second = IdempotentRequest { fingerprint: fixtures::hash(77), ..first.clone() };
    assert_eq!(insert(store, &first), Inserted::Inserted);
    assert_eq!(insert(store, &first), Inserted::Conflict);
    assert_eq!(insert(store, &second), Inserted::Conflict);
    assert_eq!(found(store, &first.key, fixtures::START).as_ref(), Some(&first));
    for other in [
        of_actor(&instance, "Command-Line"),
        of_actor(&given::instance(store, 2), "command-line"),
        fixtures::idempotent_request(&instance, 2),
    ] {
        assert_eq!(insert(store, &other), Inserted::Inserted);
        assert_eq!(found(store, &other.key, fixtures::START), Some(other));
    }
    assert_eq!(found(store, &first.key, fixtures::START), Some(first));
}

/// From its end on it is not found, and makes room for another one, without its answer.
pub fn a_forgotten_request_is_replaced(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let answer = Some(fixtures::kept_answer());
    let old = IdempotentRequest { answer, ..fixtures::idempotent_request(&instance, 1) };
    assert_eq!(insert(store, &old), Inserted::Inserted);
    let again = |created_at: Timestamp| IdempotentRequest {
        fingerprint: fixtures::hash(9),
        answer: None,
        created_at,
        expires_at: fixtures::later(1_000),
        ..old.clone()
    };
    let just_before = Timestamp::from_micros(old.expires_at.as_micros() - 1);
    assert_eq!(insert(store, &again(just_before)), Inserted::Conflict);
    assert_eq!(found(store, &old.key, just_before).as_ref(), Some(&old));
    assert_eq!(found(store, &old.key, old.expires_at), None);
    let new = again(old.expires_at);
    assert_eq!(insert(store, &new), Inserted::Inserted);
    assert_eq!(found(store, &old.key, old.expires_at), Some(new));
}

/// Of the request with this key only; nothing happens if there is none.
pub fn an_answer_is_kept(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let request = fixtures::idempotent_request(&instance, 1);
    let bystander = of_actor(&instance, "anonymous");
    let nobodys = fixtures::idempotent_request(&instance, 3);
    assert_eq!(insert(store, &request), Inserted::Inserted);
    assert_eq!(insert(store, &bystander), Inserted::Inserted);
    given::keep_books(store, |books| {
        books.keep_answer(&nobodys.key, &fixtures::kept_answer())?;
        books.keep_answer(&request.key, &fixtures::kept_answer())
    });
    let answered = IdempotentRequest { answer: Some(fixtures::kept_answer()), ..request.clone() };
    assert_eq!(found(store, &request.key, fixtures::START), Some(answered));
    assert_eq!(found(store, &bystander.key, fixtures::START).as_ref(), Some(&bystander));
    assert_eq!(found(store, &nobodys.key, fixtures::START), None);
}

/// Without a mutation, and seen by mutations and notes alike.
pub fn a_request_is_noted_by_itself(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let request = fixtures::idempotent_request(&instance, 1);
    let note = |request| given::keep_books(store, |books| books.note_idempotent_request(request));
    assert_eq!(note(&request), Inserted::Inserted);
    assert_eq!(found(store, &request.key, fixtures::START).as_ref(), Some(&request));
    assert_eq!((note(&request), insert(store, &request)), (Inserted::Conflict, Inserted::Conflict));
    let later = IdempotentRequest {
        created_at: request.expires_at,
        expires_at: fixtures::later(1_000),
        ..request.clone()
    };
    assert_eq!(note(&later), Inserted::Inserted);
    assert_eq!(found(store, &request.key, request.expires_at), Some(later));
}

/// From their end on, in every instance.
pub fn forgotten_requests_are_purged(store: &dyn Store) {
    let instances = [given::instance(store, 1), given::instance(store, 2)];
    let [one, two] = instances.each_ref().map(|instance| fixtures::idempotent_request(instance, 1));
    let longer = IdempotentRequest {
        expires_at: fixtures::later(61),
        ..fixtures::idempotent_request(&instances[0], 2)
    };
    for request in [&one, &two, &longer] {
        assert_eq!(insert(store, request), Inserted::Inserted);
    }
    let purge = |now| given::keep_books(store, |books| books.purge_idempotent_requests(now));
    assert_eq!(purge(fixtures::later(59)), 0);
    assert_eq!(purge(one.expires_at), 2);
    assert_eq!(found(store, &one.key, fixtures::START), None);
    assert_eq!(found(store, &longer.key, fixtures::START), Some(longer));
}

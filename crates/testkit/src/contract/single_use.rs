//! Things that work once.

use std::time::Duration;

use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::single_use::{Consumption, SingleUse};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// Whoever comes second is told so, also when its time is over.
pub fn a_thing_is_consumed_once(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let thing = fixtures::single_use(&instance, 1);
    let consume =
        |at| given::mutate(store, |writes| writes.consume_single_use(instance.id, &thing.handle_hash, at));
    assert_eq!(consume(fixtures::later(1)), Consumption::Unknown);
    assert_eq!(given::mutate(store, |writes| writes.insert_single_use(&thing)), Inserted::Inserted);
    assert_eq!(consume(fixtures::later(1)), Consumption::Consumed);
    assert_eq!(consume(fixtures::later(1)), Consumption::AlreadyConsumed);
    assert_eq!(consume(thing.expires_at), Consumption::AlreadyConsumed);
}

/// From its expiry on, to the microsecond.
pub fn an_expired_thing_is_unknown(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let thing = fixtures::single_use(&instance, 1);
    let before = thing.expires_at.minus(Duration::from_micros(1));
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_single_use(&thing)?, Inserted::Inserted);
        for (at, expected) in [(thing.expires_at, Consumption::Unknown), (before, Consumption::Consumed)] {
            assert_eq!(writes.consume_single_use(instance.id, &thing.handle_hash, at)?, expected);
        }
        Ok(())
    });
}

/// In its instance, also after it was consumed.
pub fn a_handle_is_taken_once(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let thing = fixtures::single_use(&here, 1);
    let elsewhere = SingleUse { instance_id: there.id, ..thing.clone() };
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_single_use(&thing)?, Inserted::Inserted);
        assert_eq!(writes.insert_single_use(&thing)?, Inserted::Conflict);
        assert_eq!(
            writes.consume_single_use(here.id, &thing.handle_hash, fixtures::START)?,
            Consumption::Consumed
        );
        assert_eq!(writes.insert_single_use(&thing)?, Inserted::Conflict);
        assert_eq!(writes.insert_single_use(&elsewhere)?, Inserted::Inserted);
        Ok(())
    });
}

/// Used or not, once they are of no use to anybody.
pub fn expired_things_are_purged(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let [used, unused, longer] = [1, 2, 3].map(|number| fixtures::single_use(&instance, number));
    let longer = SingleUse { expires_at: fixtures::later(1_000), ..longer };
    given::mutate(store, |writes| {
        for thing in [&used, &unused, &longer] {
            assert_eq!(writes.insert_single_use(thing)?, Inserted::Inserted);
        }
        let consumption = writes.consume_single_use(instance.id, &used.handle_hash, fixtures::START)?;
        assert_eq!(consumption, Consumption::Consumed);
        Ok(())
    });
    assert_eq!(given::keep_books(store, |books| books.purge_single_uses(used.expires_at)), 0);
    let after = used.expires_at.plus(Duration::from_micros(1));
    assert_eq!(given::keep_books(store, |books| books.purge_single_uses(after)), 2);
    let at = fixtures::later(500);
    given::mutate(store, |writes| {
        let gone = writes.consume_single_use(instance.id, &used.handle_hash, at)?;
        assert_eq!(gone, Consumption::Unknown);
        let left = writes.consume_single_use(instance.id, &longer.handle_hash, at)?;
        assert_eq!(left, Consumption::Consumed);
        Ok(())
    });
}

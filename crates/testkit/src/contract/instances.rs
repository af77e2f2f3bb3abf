//! Instances.

use turnkeep_domain::accent::Accent;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// Inserted and updated in every form, found by id and slug, listed in the order of creation.
pub fn every_form_of_an_instance_round_trips(store: &dyn Store) {
    let one = given::instance(store, 1);
    let two = given::instance(store, 2);
    assert_eq!(given::read(store, |reads| reads.find_instance(one.id)), Some(one.clone()));
    assert_eq!(given::read(store, |reads| reads.list_instances()), [one.clone(), two]);
    let mut stored = one;
    let states = [InstanceState::Disabled, InstanceState::Active].into_iter().cycle();
    for (accent, state) in Accent::ALL.into_iter().zip(states) {
        let changed = Instance {
            accent,
            name: fixtures::name(&format!("Now {state:?}")),
            state,
            state_since: fixtures::later(3),
            tokens_dead_below: ChangeSequence::from_number(7),
            version: stored.version.next(),
            ..stored.clone()
        };
        let updated = given::mutate(store, |writes| writes.update_instance(&changed, stored.version));
        assert_eq!(updated, Updated::Updated);
        let found = given::read(store, |reads| reads.find_instance_by_slug(&changed.slug));
        assert_eq!(found.as_ref(), Some(&changed));
        stored = changed;
    }
}

/// A second instance with the same slug conflicts and leaves the first alone.
pub fn a_slug_is_taken_once(store: &dyn Store) {
    let one = given::instance(store, 1);
    let two = Instance { slug: one.slug.clone(), ..fixtures::instance(2) };
    assert_eq!(given::mutate(store, |writes| writes.insert_instance(&two)), Inserted::Conflict);
    assert_eq!(given::read(store, |reads| reads.list_instances()), [one]);
}

/// Of two updates of the same version the second is stale.
pub fn an_update_needs_the_present_version_of_an_instance(store: &dyn Store) {
    let one = given::instance(store, 1);
    let changed = Instance { version: one.version.next(), state: InstanceState::Disabled, ..one.clone() };
    let late = Instance { name: fixtures::name("Late"), ..changed.clone() };
    assert_eq!(
        given::mutate(store, |writes| writes.update_instance(&changed, one.version)),
        Updated::Updated
    );
    assert_eq!(given::mutate(store, |writes| writes.update_instance(&late, one.version)), Updated::Stale);
    assert_eq!(given::read(store, |reads| reads.find_instance(one.id)), Some(changed));
    let absent = fixtures::instance(9);
    let updated = given::mutate(store, |writes| writes.update_instance(&absent, absent.version));
    assert_eq!(updated, Updated::Stale);
}

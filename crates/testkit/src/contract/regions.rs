//! Regions, their databases and the room in them.

use turnkeep_domain::region::{Availability, Region, RegionDatabase};
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

const AVAILABILITIES: [Availability; 2] = [Availability::Inactive, Availability::Active];

/// Inserted and updated in every form.
pub fn every_form_of_a_region_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let mut all = Vec::new();
    for (availability, number) in AVAILABILITIES.into_iter().zip(1..) {
        let region = Region { availability, ..fixtures::region(&instance, number) };
        assert_eq!(given::mutate(store, |writes| writes.insert_region(&region)), Inserted::Inserted);
        let found = given::read(store, |reads| reads.find_region(instance.id, region.id));
        assert_eq!(found.as_ref(), Some(&region));
        let changed = Region {
            name: fixtures::name(&format!("Now {number}")),
            availability: Availability::Active,
            version: region.version.next(),
            ..region.clone()
        };
        let updated = given::mutate(store, |writes| writes.update_region(&changed, region.version));
        assert_eq!(updated, Updated::Updated);
        let found = given::read(store, |reads| reads.find_region_by_code(instance.id, &region.code));
        assert_eq!(found.as_ref(), Some(&changed));
        all.push(changed);
    }
    assert_eq!(given::read(store, |reads| reads.list_regions(instance.id)), all);
}

/// Inserted and updated in every form.
pub fn every_form_of_a_database_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let region = given::region(store, &instance, 1);
    let other_region = given::region(store, &instance, 2);
    given::region_database(store, &other_region, 9);
    let mut all = Vec::new();
    for (availability, number) in AVAILABILITIES.into_iter().zip(1..) {
        let database = RegionDatabase { availability, ..fixtures::region_database(&region, number) };
        let inserted = given::mutate(store, |writes| writes.insert_region_database(instance.id, &database));
        assert_eq!(inserted, Inserted::Inserted);
        let changed = RegionDatabase {
            availability: Availability::Active,
            capacity: u32::MAX,
            app_count: 3,
            version: database.version.next(),
            ..database.clone()
        };
        given::mutate(store, |writes| {
            let found = writes.find_region_database(instance.id, database.id)?;
            assert_eq!(found.as_ref(), Some(&database));
            let updated = writes.update_region_database(instance.id, &changed, database.version)?;
            assert_eq!(updated, Updated::Updated);
            Ok(())
        });
        all.push(changed);
    }
    assert_eq!(given::read(store, |reads| reads.list_region_databases(instance.id, region.id)), all);
}

/// Region codes and database codes are unique in an instance, the latter across regions.
pub fn codes_are_taken_once_in_an_instance(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let region = given::region(store, &here, 1);
    let other = given::region(store, &here, 2);
    let database = given::region_database(store, &region, 1);
    let same_code = Region { code: region.code.clone(), ..fixtures::region(&here, 3) };
    let elsewhere = Region { code: region.code.clone(), ..fixtures::region(&there, 4) };
    let database_elsewhere =
        RegionDatabase { db_code: database.db_code.clone(), ..fixtures::region_database(&elsewhere, 4) };
    let same_db_code =
        RegionDatabase { db_code: database.db_code.clone(), ..fixtures::region_database(&other, 3) };
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_region(&same_code)?, Inserted::Conflict);
        assert_eq!(writes.insert_region(&elsewhere)?, Inserted::Inserted);
        assert_eq!(writes.insert_region_database(here.id, &same_db_code)?, Inserted::Conflict);
        assert_eq!(writes.insert_region_database(there.id, &database_elsewhere)?, Inserted::Inserted);
        Ok(())
    });
}

/// Of two updates of the same version the second is stale.
pub fn updates_need_the_present_version(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let region = given::region(store, &instance, 1);
    let database = given::region_database(store, &region, 1);
    let changed_region = Region { version: region.version.next(), ..region.clone() };
    let changed_database = RegionDatabase { version: database.version.next(), ..database.clone() };
    for expected in [Updated::Updated, Updated::Stale] {
        given::mutate(store, |writes| {
            assert_eq!(writes.update_region(&changed_region, region.version)?, expected);
            let updated = writes.update_region_database(instance.id, &changed_database, database.version)?;
            assert_eq!(updated, expected);
            Ok(())
        });
    }
}

/// A database of two takes two apps, and one more when one has gone. The version stays as it is.
pub fn room_is_taken_until_there_is_none(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let region = given::region(store, &instance, 1);
    let database = RegionDatabase { capacity: 2, ..fixtures::region_database(&region, 1) };
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_region_database(instance.id, &database)?, Inserted::Inserted);
        assert_eq!(writes.release_room(instance.id, database.id)?, Updated::Stale, "it is empty");
        assert_eq!(writes.take_room(instance.id, database.id)?, Updated::Updated);
        assert_eq!(writes.take_room(instance.id, database.id)?, Updated::Updated);
        assert_eq!(writes.take_room(instance.id, database.id)?, Updated::Stale, "it is full");
        assert_eq!(writes.release_room(instance.id, database.id)?, Updated::Updated);
        assert_eq!(writes.take_room(instance.id, database.id)?, Updated::Updated);
        let full = RegionDatabase { app_count: 2, ..database.clone() };
        assert_eq!(writes.find_region_database(instance.id, database.id)?, Some(full));
        Ok(())
    });
}

/// Room in an inactive database cannot be taken, but given back.
pub fn an_inactive_database_gives_no_room(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let region = given::region(store, &instance, 1);
    let database = RegionDatabase {
        availability: Availability::Inactive,
        app_count: 1,
        ..fixtures::region_database(&region, 1)
    };
    given::mutate(store, |writes| {
        assert_eq!(writes.insert_region_database(instance.id, &database)?, Inserted::Inserted);
        assert_eq!(writes.take_room(instance.id, database.id)?, Updated::Stale);
        assert_eq!(writes.release_room(instance.id, database.id)?, Updated::Updated);
        Ok(())
    });
}

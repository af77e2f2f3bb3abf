//! Regions and their databases.

use turnkeep_domain::region::{Availability, DbCode};
use turnkeep_domain::version::RecordVersion;
use turnkeep_service::registry::create_region::{
    CreateRegionCommand, CreateRegionDatabaseCommand, create_region, create_region_database,
};
use turnkeep_service::registry::denial::{RegistryDenial, UniqueAttribute};
use turnkeep_service::registry::manage_region::{
    RegionChanges, RegionDatabaseChanges, find_region, list_region_databases, update_region,
    update_region_database,
};
use turnkeep_testkit::fixtures::{name, slug};

use crate::world::{World, denial};

#[test]
fn codes_are_unique_in_the_instance() {
    let world = World::bare();
    let (one, two) = (world.region("eu-west"), world.region("us-east"));
    world.database(&one, "DB-1", 1);
    let again = CreateRegionCommand { code: slug("eu-west"), name: name("Other") };
    let refused = denial(create_region(&world.operator(), &again));
    assert_eq!(refused, RegistryDenial::Taken(UniqueAttribute::Code));
    let db_code = DbCode::parse("DB-1").unwrap();
    let twice = CreateRegionDatabaseCommand { region_id: two.id, db_code, capacity: 1 };
    let refused = denial(create_region_database(&world.operator(), &twice));
    assert_eq!(refused, RegistryDenial::Taken(UniqueAttribute::DbCode));
    let elsewhere = world.bare_instance("acme");
    let region = elsewhere.region("eu-west");
    elsewhere.database(&region, "DB-1", 1);
}

#[test]
fn apps_go_on_in_a_region_that_takes_no_more() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let region = world
        .store
        .read(|reads| reads.find_region_by_code(world.instance_id, &slug("eu-west")))
        .unwrap()
        .unwrap();
    let availability = Some(Availability::Inactive);
    let changes = RegionChanges { availability, name: Some(name("Europe")) };
    let after = update_region(&world.operator(), region.id, &changes, Some(region.version)).unwrap();
    assert_eq!((after.availability, after.name), (Availability::Inactive, name("Europe")));
    world.token(&app);
}

#[test]
fn a_database_never_holds_less_than_it_has() {
    let world = World::bare();
    let region = world.region("eu-west");
    let database = world.database(&region, "EU-1", 10);
    let tenant = world.tenant("Acme");
    world.app(&tenant, "One");
    world.app(&tenant, "Two");
    let set = |capacity| {
        let changes = RegionDatabaseChanges { capacity: Some(capacity), ..RegionDatabaseChanges::default() };
        update_region_database(&world.operator(), region.id, database.id, &changes, None)
    };
    assert_eq!(denial(set(1)), RegistryDenial::CapacityBelowUse);
    let after = set(2).unwrap();
    assert_eq!((after.capacity, after.app_count), (2, 2));
    assert_eq!(list_region_databases(&world.operator(), region.id).unwrap(), [after]);
}

#[test]
fn a_database_is_found_under_its_own_region_only() {
    let world = World::bare();
    let (one, two) = (world.region("eu-west"), world.region("us-east"));
    let database = world.database(&one, "DB-1", 1);
    let changes = RegionDatabaseChanges::default();
    let refused = denial(update_region_database(&world.operator(), two.id, database.id, &changes, None));
    assert_eq!(refused, RegistryDenial::NotFound);
    let elsewhere = world.bare_instance("acme");
    let context = elsewhere.operator();
    let absent = [
        denial(find_region(&context, one.id)),
        denial(list_region_databases(&context, one.id)),
        denial(update_region(&context, one.id, &RegionChanges::default(), None)),
        denial(update_region_database(&context, one.id, database.id, &changes, None)),
        denial(create_region_database(
            &context,
            &CreateRegionDatabaseCommand {
                region_id: one.id,
                db_code: DbCode::parse("DB-2").unwrap(),
                capacity: 1,
            },
        )),
    ];
    assert_eq!(absent, [const { RegistryDenial::NotFound }; 5]);
}

#[test]
fn stale_versions_are_refused() {
    let world = World::bare();
    let region = world.region("eu-west");
    let database = world.database(&region, "DB-1", 1);
    let context = world.operator();
    let changes = RegionChanges { name: Some(name("Europe")), ..RegionChanges::default() };
    let stale = Some(RecordVersion::FIRST);
    update_region(&context, region.id, &changes, stale).unwrap();
    assert_eq!(denial(update_region(&context, region.id, &changes, stale)), RegistryDenial::StaleVersion);
    world.app(&world.tenant("Acme"), "App");
    let capacity = RegionDatabaseChanges { capacity: Some(5), ..RegionDatabaseChanges::default() };
    let update = |version| update_region_database(&context, region.id, database.id, &capacity, version);
    update(None).unwrap();
    assert_eq!(denial(update(stale)), RegistryDenial::StaleVersion);
}

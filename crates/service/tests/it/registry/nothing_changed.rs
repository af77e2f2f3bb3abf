//! A change that changes nothing answers with the record as it is, and leaves nothing behind.

use std::fmt::Debug;

use turnkeep_domain::app::AppState;
use turnkeep_domain::membership::Role;
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_service::people::manage_operators::add_operator;
use turnkeep_service::people::set_member::set_member;
use turnkeep_service::people::update_user::{UserChanges, update_user};
use turnkeep_service::registry::assign_plan::{PlanAction, change_plan};
use turnkeep_service::registry::context::RegistryResult;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::manage_instance::{
    InstanceChanges, find_instance, switch_instance, update_instance,
};
use turnkeep_service::registry::manage_plan::{PlanChanges, update_plan};
use turnkeep_service::registry::manage_region::{
    RegionChanges, RegionDatabaseChanges, list_region_databases, update_region, update_region_database,
};
use turnkeep_service::registry::manage_resource::{ResourceChanges, add_resource_server, update_resource};
use turnkeep_service::registry::manage_tenant::{TenantChanges, update_tenant};
use turnkeep_service::registry::manage_user::switch_user;
use turnkeep_service::registry::switch_app::switch_app;
use turnkeep_service::registry::update_app::{AppChanges, update_app};

use crate::world::{World, denial};

/// The change answers with this version, and neither the trail nor the change log notices.
#[track_caller]
fn check<T: Debug>(
    world: &World,
    what: &str,
    done: RegistryResult<T>,
    before: (usize, u64),
    versions: (Option<RecordVersion>, Option<RecordVersion>),
) {
    done.unwrap();
    assert_eq!(left(world), before, "{what}");
    assert_eq!(versions.0, versions.1, "{what}");
}

fn left(world: &World) -> (usize, u64) {
    let sequence = world.store.read(|reads| reads.change_sequence()).unwrap();
    (world.trail().len(), u64::try_from(sequence.as_number()).unwrap())
}

#[test]
fn it_leaves_no_event_no_version_and_no_entry_in_the_change_log() {
    let world = World::new();
    let context = world.operator();
    let app = world.lone_app("Acme");
    let plan = world.plan("pro", PlanPrice::Paid);
    world.change_plan(&app, PlanAction::Assign(plan.id));
    world.advance(60);
    let record = world.record(app.id).unwrap();
    let version = record.version;
    let unchanged = AppChanges {
        name: Some(record.settings.name.clone()),
        scopes: Some(record.settings.scopes.clone()),
        ..AppChanges::default()
    };
    let before = left(&world);
    let of = |done: turnkeep_service::registry::find_app::AppView| Some(done.app.version);
    for (what, done) in [
        ("empty", update_app(&context, app.id, &AppChanges::default(), None)),
        ("same values", update_app(&context, app.id, &unchanged, Some(version))),
        ("enable", switch_app(&context, app.id, AppState::Enabled, None)),
        ("same plan", change_plan(&context, app.id, PlanAction::Assign(plan.id), None)),
        ("release", change_plan(&context, app.id, PlanAction::Release, None)),
    ] {
        let found = done.as_ref().ok().cloned().and_then(of);
        check(&world, what, done, before, (found, Some(version)));
    }
    assert_eq!(world.record(app.id).unwrap(), record);

    let done = update_plan(&context, plan.id, &PlanChanges::default(), None);
    let found = done.as_ref().ok().map(|plan| plan.version);
    check(&world, "plan", done, before, (found, Some(plan.version)));

    let tenant =
        world.store.read(|reads| reads.find_tenant(world.instance_id, app.tenant_id)).unwrap().unwrap();
    let same = TenantChanges { name: Some(tenant.name.clone()), ..TenantChanges::default() };
    let done = update_tenant(&context, tenant.id, &same, None);
    let found = done.as_ref().ok().map(|tenant| tenant.version);
    check(&world, "tenant", done, before, (found, Some(tenant.version)));

    let region = world.store.read(|reads| reads.list_regions(world.instance_id)).unwrap().remove(0);
    let done = update_region(&context, region.id, &RegionChanges::default(), None);
    let found = done.as_ref().ok().map(|region| region.version);
    check(&world, "region", done, before, (found, Some(region.version)));

    let database = list_region_databases(&context, region.id).unwrap().remove(0);
    let changes = RegionDatabaseChanges { capacity: Some(database.capacity), availability: None };
    let done = update_region_database(&context, region.id, database.id, &changes, None);
    let found = done.as_ref().ok().map(|database| database.version);
    check(&world, "region database", done, before, (found, Some(database.version)));

    let api = world.api();
    let done = update_resource(&context, api.id, &ResourceChanges::default(), None);
    let found = done.as_ref().ok().map(|resource| resource.version);
    check(&world, "resource", done, before, (found, Some(api.version)));

    let instance = find_instance(&context, world.instance_id).unwrap();
    let same = InstanceChanges { name: Some(instance.name.clone()), accent: Some(instance.accent) };
    for (what, done) in [
        ("instance", update_instance(&context, instance.id, &same, None)),
        ("instance state", switch_instance(&context, instance.id, instance.state, None)),
    ] {
        let found = done.as_ref().ok().map(|instance| instance.version);
        check(&world, what, done, before, (found, Some(instance.version)));
    }
}

#[test]
fn it_leaves_nothing_among_people_and_servers_either() {
    let world = World::new();
    let context = world.operator();
    let (tenant, app) = (world.tenant("Acme"), world.lone_app("Other"));
    let user = world.user(UserKind::Internal, "ann");
    set_member(&context, tenant.id, user.id, Role::Owner, None).unwrap();
    add_operator(&context, user.id).unwrap();
    add_resource_server(&context, world.api().id, app.id).unwrap();
    let before = left(&world);
    let same = UserChanges { display_name: Some(user.display_name.clone()), email: Some(user.email.clone()) };
    for (what, done) in [
        ("member", set_member(&context, tenant.id, user.id, Role::Owner, None).map(drop)),
        ("operator", add_operator(&context, user.id).map(drop)),
        ("user state", switch_user(&context, user.id, UserState::Active, None).map(drop)),
        ("user name", update_user(&context, user.id, &same, None).map(drop)),
        ("server", add_resource_server(&context, world.api().id, app.id)),
    ] {
        check(&world, what, done, before, (None, None));
    }
}

#[test]
fn the_version_that_the_caller_read_is_looked_at_first() {
    let world = World::new();
    let app = world.lone_app("Acme");
    world.switch(&app, AppState::Disabled);
    let stale = Some(RecordVersion::FIRST);
    let refused = denial(update_app(&world.operator(), app.id, &AppChanges::default(), stale));
    assert_eq!(refused, RegistryDenial::StaleVersion);
}

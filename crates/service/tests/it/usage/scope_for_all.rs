//! The scope for meters is there in every instance, also in those that an earlier version made.

use turnkeep_domain::resource::{LimitsClaims, Scope, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_service::first_start::{FirstStart, ensure_first_start};
use turnkeep_service::tokens::authenticate_bearer::{MANAGEMENT_AUDIENCE, METER_SCOPE};
use turnkeep_storage::outcome::Deleted;

use crate::world::World;

fn meter_scopes(world: &World) -> Vec<Scope> {
    let scopes = world.store.read(|reads| reads.list_scopes(world.instance_id)).unwrap();
    scopes.into_iter().filter(|scope| scope.name.as_str() == METER_SCOPE).collect()
}

/// As an earlier version would have left it.
fn take_back(world: &World) {
    let name = ScopeName::parse(METER_SCOPE).unwrap();
    let resource_id = meter_scopes(world)[0].resource_id;
    let deleted = world.store.mutate(|writes| writes.delete_scope(world.instance_id, resource_id, &name));
    assert_eq!(deleted.unwrap(), Deleted::Deleted);
}

fn start(world: &World) {
    assert!(matches!(ensure_first_start(&world.authority).unwrap(), FirstStart::DoneBefore));
}

#[test]
fn a_start_adds_it_to_every_instance_that_lacks_it_and_only_once() {
    let world = World::new();
    let other = world.instance("other");
    for instance in [&world, &other] {
        let [before] = &meter_scopes(instance)[..] else { panic!("a new instance has it") };
        let before = before.clone();
        take_back(instance);
        let events = instance.events("scope.create").len();
        start(&world);
        start(&world);
        assert_eq!(meter_scopes(instance), [before]);
        assert_eq!(instance.events("scope.create").len(), events + 1);
        // It is of use at once.
        let tenant = instance.tenant("Meters");
        let app = instance.app_with_scopes(&tenant, "Meter", METER_SCOPE);
        let issued = instance.issue_for(&app, None, Some(MANAGEMENT_AUDIENCE));
        assert!(issued.is_ok(), "{issued:?}");
    }
}

#[test]
fn a_scope_of_that_name_that_somebody_made_is_left_alone() {
    let world = World::new();
    take_back(&world);
    let own = world.resource("Own.API", LimitsClaims::Both, SigningAlgorithm::Es256);
    world.scope(own.id, METER_SCOPE, ScopeGrant::AnyApp);
    start(&world);
    let [scope] = &meter_scopes(&world)[..] else { panic!("names are unique") };
    assert_eq!(scope.resource_id, own.id);
}

//! Resources choose what their tokens are signed with.

use turnkeep_domain::resource::{LimitsClaims, ScopeGrant};
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_service::keys::publish_key_set::describe_issuer;
use turnkeep_service::registry::manage_resource::{ResourceChanges, update_resource};
use turnkeep_service::snapshot::look_up::LookUp;

use crate::world::World;

fn algorithms(world: &World) -> Vec<&'static str> {
    let Ok(facts) = describe_issuer(&world.authority, &world.slug, LookUp::Anywhere) else {
        panic!("no issuer")
    };
    let mut names: Vec<_> = facts.algorithms.into_iter().map(SigningAlgorithm::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_new_resource_gets_a_key_for_its_algorithm() {
    let world = World::new();
    let tenant = world.tenant("Acme");
    assert_eq!(algorithms(&world), ["ES256"]);
    for algorithm in [SigningAlgorithm::Rs256, SigningAlgorithm::EdDsa, SigningAlgorithm::Ps256] {
        let text = algorithm.as_str();
        let resource = world.resource(text, LimitsClaims::Both, algorithm);
        world.scope(resource.id, text, ScopeGrant::AnyApp);
        let app = world.app_with_scopes(&tenant, text, text);
        let token = world.token(&app);
        let verified = world.verify(&token).unwrap();
        assert!(world.is_active(&token));
        let signed_with = world.key_set().find(&verified.key_id).unwrap().algorithm();
        assert_eq!(signed_with, algorithm);
    }
    assert_eq!(algorithms(&world), ["ES256", "EdDSA", "PS256", "RS256"]);
}

#[test]
fn a_second_resource_of_an_algorithm_shares_the_key() {
    let world = World::new();
    world.resource("one", LimitsClaims::Both, SigningAlgorithm::EdDsa);
    world.resource("two", LimitsClaims::Both, SigningAlgorithm::EdDsa);
    assert_eq!(world.key_set().len(), 2);
}

#[test]
fn tokens_outlive_a_change_of_the_algorithm() {
    let world = World::new();
    let resource = world.resource("one", LimitsClaims::Both, SigningAlgorithm::Es256);
    world.scope(resource.id, "use", ScopeGrant::AnyApp);
    let app = world.app_with_scopes(&world.tenant("Acme"), "App", "use");
    let before = world.token(&app);
    let signing_algorithm = Some(SigningAlgorithm::EdDsa);
    let changes = ResourceChanges { signing_algorithm, ..ResourceChanges::default() };
    update_resource(&world.operator(), resource.id, &changes, None).unwrap();
    let after = world.token(&app);
    let keys = world.key_set();
    let algorithm = |token: &str| keys.find(&world.verify(token).unwrap().key_id).unwrap().algorithm();
    assert_eq!((algorithm(&before), algorithm(&after)), (SigningAlgorithm::Es256, SigningAlgorithm::EdDsa));
    assert!(world.is_active(&before) && world.is_active(&after));
}

#[test]
fn the_metadata_names_the_grantable_scopes_only() {
    let world = World::new();
    let api = world.api();
    world.scope(api.id, "sec", ScopeGrant::AnyApp);
    world.scope(api.id, "internal", ScopeGrant::Reserved);
    let Ok(facts) = describe_issuer(&world.authority, &world.slug, LookUp::Anywhere) else {
        panic!("no issuer")
    };
    let mut scopes: Vec<String> = facts.scopes.iter().map(ToString::to_string).collect();
    scopes.sort();
    assert_eq!(
        scopes,
        ["TrueParser.API", "read", "turnkeep.manage", "turnkeep.meter", "turnkeep.read", "update"]
    );
    assert_eq!(facts.issuer, crate::world::BASE_URL);
}

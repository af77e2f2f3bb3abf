//! The secrets of an app. What they open is the business of `tokens::check_client`.

use turnkeep_domain::client_secret::{Overlap, SecretState};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::id::SecretId;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_policy::decide_secret_addition::SecretAdditionDenial;
use turnkeep_service::registry::add_secret::{add_secret, regenerate_secret};
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::revoke_secret::revoke_secret;

use crate::world::{World, denial};

fn overlap(secs: u64) -> Overlap {
    Overlap::from_secs(secs).unwrap()
}

#[test]
fn an_overlap_lasts_from_a_minute_to_thirty_days() {
    for (secs, allowed) in [(0, false), (59, false), (60, true), (2_592_000, true), (2_592_001, false)] {
        assert_eq!(Overlap::from_secs(secs).is_ok(), allowed, "{secs}");
    }
}

#[test]
fn during_an_overlap_there_is_no_third_secret() {
    let world = World::new();
    let app = world.lone_app("Acme");
    add_secret(&world.operator(), app.id, overlap(3_600)).unwrap();
    let refused = denial(add_secret(&world.operator(), app.id, overlap(60)));
    assert_eq!(refused, RegistryDenial::SecretAddition(SecretAdditionDenial::TooManyLive));
    assert_eq!(list_secrets(&world.operator(), app.id).unwrap().len(), 2);
    world.advance(3_599);
    assert!(add_secret(&world.operator(), app.id, overlap(60)).is_err());
    world.advance(1);
    add_secret(&world.operator(), app.id, overlap(60)).unwrap();
}

#[test]
fn the_list_is_the_newest_first_and_keeps_the_dead() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let now = || world.authority.now();
    world.advance(1);
    let second = add_secret(&world.operator(), app.id, overlap(60)).unwrap();
    world.advance(60);
    let third = regenerate_secret(&world.operator(), app.id).unwrap();
    let listed = list_secrets(&world.operator(), app.id).unwrap();
    assert_eq!(
        listed[..2].iter().map(|secret| secret.id).collect::<Vec<_>>(),
        [third.secret.id, second.secret.id]
    );
    let states: Vec<_> = listed.iter().map(|secret| secret.state(now())).collect();
    assert_eq!(states, [SecretState::Live, SecretState::Revoked, SecretState::Revoked]);
    assert!(third.plaintext.expose().ends_with(listed[0].hint.as_str()));
}

#[test]
fn an_overlap_never_lengthens_a_life() {
    let world = World::new();
    let app = world.lone_app("Acme");
    world.advance(1);
    let second = add_secret(&world.operator(), app.id, overlap(60)).unwrap();
    let first = |world: &World| list_secrets(&world.operator(), app.id).unwrap().pop().unwrap();
    let expires_at = first(&world).expires_at;
    assert!(expires_at.is_some());
    revoke_secret(&world.operator(), app.id, second.secret.id).unwrap();
    world.advance(1);
    add_secret(&world.operator(), app.id, overlap(3_600)).unwrap();
    assert_eq!(first(&world).expires_at, expires_at);
}

#[test]
fn a_secret_is_revoked_once_and_by_its_app_only() {
    let world = World::new();
    let (app, other) = (world.lone_app("Acme"), world.lone_app("Other"));
    let id = list_secrets(&world.operator(), app.id).unwrap()[0].id;
    assert_eq!(denial(revoke_secret(&world.operator(), other.id, id)), RegistryDenial::NotFound);
    world.token(&app);
    revoke_secret(&world.operator(), app.id, id).unwrap();
    assert_eq!(denial(revoke_secret(&world.operator(), app.id, id)), RegistryDenial::NotFound);
    let unknown = SecretId::from_bytes([9; 16]);
    assert_eq!(denial(revoke_secret(&world.operator(), app.id, unknown)), RegistryDenial::NotFound);
    world.token(&other);
}

#[test]
fn a_public_app_gets_no_secret() {
    let world = World::new();
    let mut command = world.command(&world.tenant("Acme"), "Spa");
    command.client_type = ClientType::Public;
    command.settings.service_access = ServiceAccess::Disabled;
    let app = world.create(&command);
    let public = RegistryDenial::SecretAddition(SecretAdditionDenial::PublicClient);
    assert_eq!(denial(add_secret(&world.operator(), app.id, overlap(60))), public);
    assert_eq!(denial(regenerate_secret(&world.operator(), app.id)), public);
    assert!(list_secrets(&world.operator(), app.id).unwrap().is_empty());
}

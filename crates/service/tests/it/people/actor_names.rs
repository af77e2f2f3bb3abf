//! Who learns what those who did something are called.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{AppId, UserId};
use turnkeep_domain::membership::Role;
use turnkeep_service::people::actor_names::find_actor_names;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::tokens::authenticate_bearer::Reach;

use crate::world::{World, denial};

#[test]
fn members_learn_the_names_of_their_tenant_and_operators_those_of_the_instance() {
    let world = World::new();
    let (own, other) = (world.lone_app("Acme"), world.lone_app("Other"));
    let ann = world.member(own.tenant_id, "ann", Role::Auditor).id;
    let eve = world.member(other.tenant_id, "eve", Role::Owner).id;
    let gone = Actor::User(UserId::from_bytes([9; 16]));
    let nowhere = Actor::App(AppId::from_bytes([9; 16]));
    let anonymous = [Actor::System, Actor::CommandLine, Actor::Anonymous, gone, nowhere];
    let (ann, eve) = (Actor::User(ann), Actor::User(eve));
    let (own_app, other_app) = (Actor::App(own.id), Actor::App(other.id));
    let all: Vec<_> = [ann, eve, own_app, other_app, ann].into_iter().chain(anonymous).collect();

    let seen = find_actor_names(&world.tenant_caller(own.tenant_id, Role::Auditor), &all).unwrap();
    let known = |actor| seen.of(actor).is_some();
    assert_eq!([ann, own_app, eve, other_app].map(known), [true, true, false, false]);
    assert!(anonymous.into_iter().all(|actor| seen.of(actor).is_none()));

    let seen = find_actor_names(&world.operator(), &all).unwrap();
    assert!([ann, own_app, eve, other_app].into_iter().all(|actor| seen.of(actor).is_some()));
    assert!(anonymous.into_iter().all(|actor| seen.of(actor).is_none()));
}

#[test]
fn who_reaches_nothing_learns_no_name() {
    let world = World::new();
    let refused = denial(find_actor_names(&world.context(Reach::Nowhere), &[Actor::System]));
    assert!(matches!(refused, RegistryDenial::Forbidden(_)), "{refused:?}");
}

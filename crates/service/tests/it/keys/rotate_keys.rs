//! Signing keys over time.

use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::resource::{LimitsClaims, ScopeGrant};
use turnkeep_domain::signing_key::{SigningAlgorithm, SigningKeyState};
use turnkeep_service::keys::publish_key_set::publish_key_set;
use turnkeep_service::keys::rotate_keys::{RotationCause, rotate_due_keys, rotate_keys};
use turnkeep_service::registry::manage_instance::switch_instance;
use turnkeep_service::registry::manage_resource::{ResourceChanges, update_resource};
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_storage::signing_key::StoredSigningKey;
use turnkeep_token::rotation::{RotationPolicy, RotationStep, RotationUrgency};

use crate::world::{TestApp, World, cheap_settings};

const DAY: u64 = 86_400;

fn stored(world: &World) -> Vec<StoredSigningKey> {
    world.store.read(|reads| reads.list_published_signing_keys(world.instance_id)).unwrap()
}

/// Of the keys that access tokens are signed with here.
fn states(world: &World) -> Vec<&'static str> {
    states_of(world, SigningAlgorithm::Es256)
}

fn states_of(world: &World, algorithm: SigningAlgorithm) -> Vec<&'static str> {
    stored(world)
        .iter()
        .filter(|stored| stored.key.algorithm == algorithm)
        .map(|stored| match stored.key.state {
            SigningKeyState::PrePublished => "waiting",
            SigningKeyState::Active { .. } => "active",
            SigningKeyState::Retiring { .. } => "retiring",
            SigningKeyState::Gone { .. } => "gone",
        })
        .collect()
}

fn key_of(world: &World, token: &str) -> String {
    world.verify(token).unwrap().key_id
}

fn rotate(world: &World, urgency: RotationUrgency) -> Vec<RotationStep> {
    let cause = RotationCause::Command(SigningAlgorithm::Es256, urgency);
    rotate_keys(&world.authority, world.instance_id, cause).unwrap()
}

fn furnished() -> (World, TestApp) {
    let world = World::new();
    // As a server does before it serves.
    rotate_due_keys(&world.authority).unwrap();
    let app = world.lone_app("Acme");
    (world, app)
}

#[test]
fn a_key_is_published_before_it_signs_and_stays_until_its_last_token_is_dead() {
    let (world, app) = furnished();
    let policy = RotationPolicy::default();
    let first = key_of(&world, &world.token(&app));
    let go_to = |secs: u64| {
        world.clock.0.set(turnkeep_testkit::fixtures::later(secs));
        rotate_due_keys(&world.authority).unwrap();
    };
    let due = policy.max_age.as_secs();
    go_to(due - DAY - 1);
    assert_eq!(states(&world), ["active"]);
    go_to(due - DAY);
    assert_eq!(states(&world), ["active", "waiting"]);
    let ahead = stored(&world).into_iter().find(|stored| stored.key.state == SigningKeyState::PrePublished);
    let ahead = ahead.unwrap().key.id.to_string();
    assert!(world.key_set().find(&ahead).is_some(), "verifiers see it a day ahead");
    assert_eq!(key_of(&world, &world.token(&app)), first);
    go_to(due - 1);
    assert_eq!(states(&world), ["active", "waiting"]);
    let last_of_first = world.token(&app);
    assert_eq!(key_of(&world, &last_of_first), first);
    go_to(due);
    assert_eq!(states(&world), ["retiring", "active"]);
    let second = key_of(&world, &world.token(&app));
    assert_ne!(second, first);
    assert_eq!(key_of(&world, &last_of_first), first, "tokens signed before stay verifiable");
    assert!(world.is_active(&last_of_first));
    let retired = due + policy.retire_after.as_secs();
    go_to(retired - 1);
    assert_eq!(states(&world), ["retiring", "active"]);
    go_to(retired);
    assert_eq!(states(&world), ["active"]);
    assert!(world.key_set().find(&first).is_none());
    assert_eq!(key_of(&world, &world.token(&app)), second);
}

#[test]
fn rotating_when_nothing_is_due_leaves_no_trace() {
    let (world, _) = furnished();
    let before = (stored(&world), world.trail().len());
    rotate_due_keys(&world.authority).unwrap();
    assert!(before == (stored(&world), world.trail().len()));
}

#[test]
fn every_instance_is_rotated_and_none_shares_a_key() {
    let (world, _) = furnished();
    let other = world.bare_instance("acme");
    for key in stored(&world) {
        assert!(stored(&other).iter().all(|others| others.key.id != key.key.id));
    }
    world.advance(89 * DAY);
    rotate_due_keys(&world.authority).unwrap();
    assert_eq!(states(&world), ["active", "waiting"]);
    assert_eq!(states(&other), ["active", "waiting"]);
    assert_eq!(world.events("signing_keys.rotate").len(), 2, "the first made the key for ID tokens");
    assert_eq!(other.events("signing_keys.rotate")[0].actor, "system");
}

#[test]
fn a_planned_rotation_waits_for_the_lead() {
    let (world, app) = furnished();
    let token = world.token(&app);
    assert_eq!(rotate(&world, RotationUrgency::Planned).len(), 1);
    assert!(rotate(&world, RotationUrgency::Planned).is_empty());
    assert_eq!(key_of(&world, &world.token(&app)), key_of(&world, &token));
    world.advance(DAY);
    assert_eq!(rotate(&world, RotationUrgency::Planned).len(), 2);
    assert_eq!(states(&world), ["retiring", "active"]);
    assert_eq!(world.events("signing_keys.rotate")[0].actor, "command-line");
}

#[test]
fn a_rotation_at_once_keeps_old_tokens_alive() {
    let (world, app) = furnished();
    let token = world.token(&app);
    rotate(&world, RotationUrgency::AtOnce);
    assert_ne!(key_of(&world, &world.token(&app)), key_of(&world, &token));
    assert!(world.is_active(&token));
}

#[test]
fn a_compromised_key_is_gone_with_everything_it_signed() {
    let (world, app) = furnished();
    let token = world.token(&app);
    let kid = key_of(&world, &token);
    rotate(&world, RotationUrgency::Compromised);
    assert!(world.key_set().find(&kid).is_none());
    assert!(world.verify(&token).is_err());
    assert!(!world.is_active(&token));
    assert!(world.is_active(&world.token(&app)));
}

#[test]
fn when_every_key_is_compromised_no_algorithm_is_left_out() {
    let (world, app) = furnished();
    let resource = world.resource("new", LimitsClaims::Both, SigningAlgorithm::EdDsa);
    world.scope(resource.id, "use", ScopeGrant::AnyApp);
    let other = world.app_with_scopes(&world.tenant("New"), "New", "use");
    let tokens = [world.token(&app), world.token(&other)];
    let before: Vec<_> = stored(&world).iter().map(|stored| stored.key.id).collect();
    assert_eq!(before.len(), 3, "one for each algorithm, and for ID tokens");
    let steps = rotate_keys(&world.authority, world.instance_id, RotationCause::EveryKeyCompromised).unwrap();
    assert_eq!(steps.len(), 6, "each is erased and replaced, and no other is made: {steps:?}");
    assert!(stored(&world).iter().all(|stored| !before.contains(&stored.key.id)));
    for token in tokens {
        assert!(!world.is_active(&token));
    }
    assert!(world.is_active(&world.token(&app)) && world.is_active(&world.token(&other)));
}

#[test]
fn of_two_nodes_one_finds_the_work_done() {
    let (world, _) = furnished();
    let node = world.restarted(&[1], cheap_settings(), 2);
    world.advance(89 * DAY);
    rotate_due_keys(&world.authority).unwrap();
    rotate_due_keys(&node.authority).unwrap();
    assert_eq!(states(&world), ["active", "waiting"]);
    assert_eq!(world.events("signing_keys.rotate").len(), 2, "that of the start, and this one");
}

#[test]
fn another_node_signs_at_once_with_a_key_for_a_new_algorithm() {
    let (world, app) = furnished();
    let node = world.restarted(&[1], cheap_settings(), 2);
    node.token(&app);
    let resource = world.resource("new", LimitsClaims::Both, SigningAlgorithm::EdDsa);
    world.scope(resource.id, "use", ScopeGrant::AnyApp);
    let app = world.app_with_scopes(&world.tenant("New"), "New", "use");
    world.verify(&node.token(&app)).unwrap();
}

#[test]
fn what_one_node_does_to_keys_holds_for_the_next_request_to_another() {
    let (world, app) = furnished();
    let node = world.restarted(&[1], cheap_settings(), 2);
    let old = node.token(&app);
    rotate(&world, RotationUrgency::AtOnce);
    assert!(node.is_active_for(&app, &world.token(&app)), "a key it has not seen");
    assert_ne!(key_of(&node, &node.token(&app)), key_of(&node, &old), "the new key signs");
    rotate(&world, RotationUrgency::Compromised);
    assert!(!node.is_active_for(&app, &old), "a key that is gone");
    world.verify(&node.token(&app)).unwrap();
}

#[test]
fn the_key_set_has_an_entity_tag_that_changes_with_it() {
    let (world, _) = furnished();
    let tag = || {
        let Ok(published) = publish_key_set(&world.authority, &world.slug, LookUp::Anywhere) else {
            panic!("no key set")
        };
        published.etag().to_owned()
    };
    let before = tag();
    assert_eq!(tag(), before);
    rotate(&world, RotationUrgency::AtOnce);
    assert_ne!(tag(), before);
    assert!(before.starts_with('"') && before.ends_with('"'));
}

#[test]
fn a_disabled_instance_publishes_nothing() {
    let world = World::bare();
    let other = world.bare_instance("acme");
    assert!(publish_key_set(&other.authority, &other.slug, LookUp::Anywhere).is_ok());
    let off = InstanceState::Disabled;
    switch_instance(&world.operator(), other.instance_id, off, None).unwrap();
    assert!(publish_key_set(&other.authority, &other.slug, LookUp::Anywhere).is_err());
}

#[test]
fn a_key_made_ahead_of_the_resource_that_wants_it_stays_for_the_lead() {
    let (world, app) = furnished();
    let cause = RotationCause::Command(SigningAlgorithm::EdDsa, RotationUrgency::Planned);
    rotate_keys(&world.authority, world.instance_id, cause).unwrap();
    let kids = world.key_set().len();
    rotate_due_keys(&world.authority).unwrap();
    assert_eq!(world.key_set().len(), kids);
    let changes =
        ResourceChanges { signing_algorithm: Some(SigningAlgorithm::EdDsa), ..ResourceChanges::default() };
    let published = world.key_set();
    update_resource(&world.operator(), world.api().id, &changes, None).unwrap();
    assert!(published.find(&key_of(&world, &world.token(&app))).is_some(), "verifiers knew it before");
}

#[test]
fn every_instance_has_a_key_for_id_tokens_that_rotates_though_no_resource_wants_it() {
    let world = World::bare();
    let for_id_tokens = |world: &World| states_of(world, SigningAlgorithm::Rs256);
    assert_eq!(for_id_tokens(&world.bare_instance("acme")), ["active"], "one that is made later");
    // The first instance has it from the start of a server on, and so has one that an earlier version made.
    assert!(for_id_tokens(&world).is_empty());
    rotate_due_keys(&world.authority).unwrap();
    assert_eq!(for_id_tokens(&world), ["active"]);
    assert_eq!(world.key_set().len(), 2);
    world.advance(89 * DAY);
    rotate_due_keys(&world.authority).unwrap();
    assert_eq!(for_id_tokens(&world), ["active", "waiting"]);
    world.advance(DAY);
    rotate_due_keys(&world.authority).unwrap();
    assert_eq!(for_id_tokens(&world), ["retiring", "active"]);
}

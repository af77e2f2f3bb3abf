//! A new master key: everything is sealed again, and the old one can go.

use turnkeep_audit::seal::{Seal, SealCheck, SealKeys};
use turnkeep_audit::segment::SealedSegment;
use turnkeep_audit::verify::Verdict;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::client_secret::Overlap;
use turnkeep_service::audit::prune_trail::prune_trail;
use turnkeep_service::audit::verify_trail::verify_trail;
use turnkeep_service::audit::walk_trail::TrailVerdict;
use turnkeep_service::failure::Fault;
use turnkeep_service::keys::open_every_key::open_every_key;
use turnkeep_service::keys::reseal_keys::{ResealReport, reseal_keys};
use turnkeep_service::registry::add_secret::add_secret;
use turnkeep_service::storage_settings::use_settings::{StorageUse, UsePurpose, use_storage_settings};
use turnkeep_storage::outcome::Updated;

use crate::storage_settings::scripted_storage::SECRET_KEY;
use crate::world::{TestApp, World, cheap_settings, fault, master_keys};

fn opens(world: &World, app: &TestApp) -> bool {
    let storage_use = StorageUse { actor: Actor::System, purpose: UsePurpose::parse("test").unwrap() };
    match use_storage_settings(&world.authority, world.instance_id, app.id, &storage_use) {
        Ok(settings) => settings.unwrap().secret_key.expose() == SECRET_KEY,
        Err(failure) => {
            assert!(matches!(fault(Err::<(), _>(failure)), Fault::Sealing(_)));
            false
        }
    }
}

#[test]
fn after_resealing_the_old_master_key_can_go() {
    let (world, _) = World::with_storage();
    let other = world.instance("other");
    let (app, elsewhere) = (world.stored_app("Acme"), other.stored_app("Acme"));
    let (versions, token) = (world.stored_settings(&app), world.token(&app));
    let both = world.restarted(&[2, 1], cheap_settings(), 5);
    let report = reseal_keys(&both.authority, Actor::CommandLine).unwrap();
    let keys = report.signing_keys;
    assert!(2 <= keys, "at least one per instance: {report:?}");
    // The secrets of the operator and of both apps.
    let expected = ResealReport {
        signing_keys: keys,
        storage_secret_keys: 2,
        audit_heads: 2,
        secrets_with_older_macs: 3,
        ..ResealReport::default()
    };
    assert_eq!(report, expected);
    let new_only = world.restarted(&[2], cheap_settings(), 6);
    let there = other.restarted(&[2], cheap_settings(), 7);
    open_every_key(&new_only.authority).unwrap();
    assert!(opens(&new_only, &app) && opens(&there, &elsewhere));
    assert!(new_only.is_active(&token), "the signing key is the same");
    new_only.token(&app);
    let seals = SealKeys::new(&master_keys(&[2]));
    for instance_id in [world.instance_id, other.instance_id] {
        let head = world.store.read(|reads| reads.audit_head(instance_id)).unwrap().unwrap();
        assert_eq!(seals.check_head(&head), SealCheck::Genuine);
    }
    assert!(!opens(&world.restarted(&[1], cheap_settings(), 8), &app), "the old key opens nothing");
    assert_eq!(world.stored_settings(&app).unwrap().config, versions.unwrap().config, "nothing to see");
}

#[test]
fn resealing_twice_does_nothing_and_says_so_once() {
    let (world, _) = World::with_storage();
    world.stored_app("Acme");
    let both = world.restarted(&[2, 1], cheap_settings(), 5);
    reseal_keys(&both.authority, Actor::CommandLine).unwrap();
    let told = world.events("keys.reseal");
    assert_eq!(told.len(), 2, "signing keys, and secret keys of storage");
    assert!(format!("{told:?}").contains(&master_keys(&[2]).current_id().to_string()));
    let trail = world.trail().len();
    let again = reseal_keys(&both.authority, Actor::CommandLine).unwrap();
    let left = ResealReport { secrets_with_older_macs: 2, ..ResealReport::default() };
    assert_eq!(again, left);
    assert_eq!(world.trail().len(), trail);
}

#[test]
fn without_the_old_master_key_nothing_is_resealed() {
    let (world, _) = World::with_storage();
    let app = world.stored_app("Acme");
    let stranger = world.restarted(&[2], cheap_settings(), 5);
    assert!(reseal_keys(&stranger.authority, Actor::CommandLine).is_err());
    assert!(opens(&world, &app));
}

#[test]
fn macs_are_counted_until_their_secrets_are_used() {
    let (world, _) = World::with_storage();
    let app = world.lone_app("Acme");
    let second = add_secret(&world.operator(), app.id, Overlap::from_secs(60).unwrap(), None).unwrap();
    let both = world.restarted(&[2, 1], cheap_settings(), 5);
    let left = || reseal_keys(&both.authority, Actor::CommandLine).unwrap().secrets_with_older_macs;
    assert_eq!(left(), 3, "the operator's and both of the app");
    both.token(&app);
    both.authority.keep_books().unwrap();
    assert_eq!(left(), 2);
    world.advance(60);
    assert_eq!(left(), 2, "the one that expired was used");
    both.token(&app.with_secret(&second.plaintext));
    both.authority.keep_books().unwrap();
    assert_eq!(left(), 1, "the operator's");
}

#[test]
fn an_audit_head_is_resealed_where_nothing_else_is() {
    let (world, _) = World::with_storage();
    let both = world.restarted(&[2, 1], cheap_settings(), 5);
    reseal_keys(&both.authority, Actor::CommandLine).unwrap();
    // A node that still has the old key first.
    let behind = world.restarted(&[1, 2], cheap_settings(), 6);
    behind.tenant("Acme");
    let report = reseal_keys(&both.authority, Actor::CommandLine).unwrap();
    assert_eq!((report.signing_keys, report.storage_secret_keys, report.audit_heads), (0, 0, 1));
    assert_eq!(reseal_keys(&both.authority, Actor::CommandLine).unwrap().audit_heads, 0);
}

/// Prunes what is older than now, which leaves one segment.
fn prune(world: &World) {
    world.advance(60);
    let context = world.operator();
    prune_trail(&context, context.authority.now()).unwrap();
}

fn verdict(world: &World) -> Verdict {
    match verify_trail(&world.authority, world.instance_id, None, &mut |_| {}).unwrap() {
        TrailVerdict::Judged(verdict) => verdict,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pruned_trail_verifies_with_the_new_master_key_alone() {
    let (world, _) = World::with_storage();
    prune(&world);
    world.stored_app("Acme");
    prune(&world);
    let both = world.restarted(&[2, 1], cheap_settings(), 5);
    let report = reseal_keys(&both.authority, Actor::CommandLine).unwrap();
    assert_eq!((report.audit_segments, report.audit_segments_left), (2, 0));
    let new_only = world.restarted(&[2], cheap_settings(), 6);
    assert!(matches!(verdict(&new_only), Verdict::Intact(_)), "{:?}", verdict(&new_only));
    assert!(matches!(verdict(&world), Verdict::Unproven(_)), "the old key proves nothing any more");
}

#[test]
fn a_segment_with_a_wrong_seal_does_not_get_a_right_one() {
    let (world, _) = World::with_storage();
    prune(&world);
    // As if somebody wrote to the database.
    let segment = world.store.read(|reads| reads.list_audit_segments(world.instance_id)).unwrap()[0];
    let tag = SealKeys::new(&master_keys(&[9])).seal_segment(segment.segment).seal;
    for seal in [tag, Seal::from_parts(segment.seal.key_id(), *tag.tag())] {
        let forged = SealedSegment { seal, ..segment };
        let update = world.store.mutate(|writes| writes.reseal_audit_segment(&forged));
        assert_eq!(update.unwrap(), Updated::Updated);
        let both = world.restarted(&[2, 1], cheap_settings(), 5);
        let report = reseal_keys(&both.authority, Actor::CommandLine).unwrap();
        assert_eq!((report.audit_segments, report.audit_segments_left), (0, 1));
        assert_eq!(report.keys_of_seals_left.into_iter().collect::<Vec<_>>(), [seal.key_id()]);
        let kept = world.store.read(|reads| reads.list_audit_segments(world.instance_id)).unwrap();
        assert_eq!(kept, [forged]);
    }
}

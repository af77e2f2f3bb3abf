//! A chain that somebody forged, head and all, gets no genuine seal by what happens afterwards.

use turnkeep_audit::anchor::Anchor;
use turnkeep_audit::chain::{ChainHead, link};
use turnkeep_audit::seal::{Seal, SealCheck, SealKeys, SealedHead};
use turnkeep_audit::verify::{Break, Doubt, SealDoubt, Verdict};
use turnkeep_domain::audit::{Actor, AuditEvent, AuditOutcome};
use turnkeep_domain::id::AuditEventId;
use turnkeep_domain::membership::Role;
use turnkeep_service::audit::accept_head::accept_head;
use turnkeep_service::audit::show_chain::show_chain;
use turnkeep_service::audit::verify_trail::verify_trail;
use turnkeep_service::audit::walk_trail::TrailVerdict;
use turnkeep_service::keys::reseal_keys::{ResealReport, reseal_keys};
use turnkeep_service::registry::denial::RegistryDenial;

use super::trail_file::TrailFile;
use crate::world::{World, cheap_settings, denial, master_keys};

/// Shortens a trail of eleven entries, head and all.
const REWIND: &str = "DELETE FROM audit_trail WHERE position = 11;
    UPDATE audit_heads SET position = 10,
        entry_hash = (SELECT entry_hash FROM audit_trail WHERE position = 10)";

fn verdict(world: &World) -> Verdict {
    match verify_trail(&world.authority, world.instance_id, None, &mut |_| ()).unwrap() {
        TrailVerdict::Judged(verdict) => verdict,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_intact(world: &World) {
    assert!(matches!(verdict(world), Verdict::Intact(_)), "{:?}", verdict(world));
}

fn stored(world: &World) -> SealedHead {
    world.store.read(|reads| reads.audit_head(world.instance_id)).unwrap().unwrap()
}

fn anchor(world: &World) -> Anchor {
    stored(world).head.anchor()
}

fn wrong_seal(head: ChainHead) -> Break {
    Break::HeadSealWrong { position: head.position }
}

/// What somebody without the master key can do: an entry that links as it should, and a head with some seal.
fn forge(world: &World, seal: impl FnOnce(ChainHead) -> Seal) -> SealedHead {
    let event = AuditEvent {
        id: AuditEventId::from_bytes([9; 16]),
        instance_id: world.instance_id,
        tenant_id: None,
        actor: Actor::System,
        action: "forged",
        object: None,
        outcome: AuditOutcome::Done { changes: Vec::new() },
        request_id: None,
        at: world.authority.now(),
    };
    let entry = link(&stored(world).head, &event);
    let head = entry.head(world.instance_id);
    let forged = SealedHead { head, seal: seal(head) };
    world.store.mutate(|writes| writes.append_audit_entries(&[entry], &forged)).unwrap();
    forged
}

/// A seal that names the real key and was made with another.
fn by_a_thief(head: ChainHead) -> Seal {
    let made = SealKeys::new(&master_keys(&[9])).seal_head(head).seal;
    Seal::from_parts(master_keys(&[1]).current_id(), *made.tag())
}

#[test]
fn events_after_a_forged_tail_are_kept_and_its_head_stays_wrong() {
    let world = World::bare();
    let forged = forge(&world, by_a_thief);
    for number in 1..=3 {
        world.pending_tenant(&format!("Tenant {number}"));
        let now = stored(&world);
        assert_eq!(now.head.position, forged.head.position + number, "the registry goes on");
        assert_eq!(now.seal, forged.seal, "the evidence is carried on");
        assert_eq!(verdict(&world), Verdict::Broken(wrong_seal(now.head)));
    }
    let (_, check) = show_chain(&world.operator()).unwrap().head.unwrap();
    assert_eq!(check, SealCheck::Wrong);
}

#[test]
fn a_shortened_trail_is_found_after_any_number_of_events() {
    let file = TrailFile::with_ten_entries();
    let kept = stored(&file.world).seal;
    file.tamper(REWIND);
    for position in [11, 12, 13] {
        file.world.pending_tenant(&format!("Later {position}"));
        assert_eq!(file.first_break(), Break::HeadSealWrong { position });
        assert_eq!(stored(&file.world).seal, kept, "the genuine seal of another head fits none of these");
    }
}

#[test]
fn refusals_are_appended_without_a_new_seal_too() {
    let world = World::bare();
    let forged = forge(&world, by_a_thief);
    let tenant = world.pending_tenant("Acme");
    let owner = world.tenant_caller(tenant.id, Role::Owner);
    assert!(matches!(denial(accept_head(&owner, anchor(&world))), RegistryDenial::Forbidden(_)));
    world.authority.keep_books().unwrap();
    assert_eq!(world.events("audit.accept_head").len(), 1);
    assert_eq!(stored(&world).seal, forged.seal);
}

#[test]
fn a_head_under_a_key_that_is_not_here_stays_unproven() {
    let world = World::bare();
    let seal = stored(&world).seal;
    let keyless = world.restarted(&[2], cheap_settings(), 5);
    keyless.pending_tenant("Acme");
    keyless.pending_tenant("Bolt");
    assert_eq!(stored(&world).seal, seal);
    let Verdict::Unproven(checked) = verdict(&keyless) else { panic!("{:?}", verdict(&keyless)) };
    let doubt = SealDoubt::UnknownKey { key_id: master_keys(&[1]).current_id() };
    assert_eq!((checked.entries, checked.doubts), (3, vec![Doubt::HeadSeal(doubt)]));
    assert!(matches!(verdict(&world), Verdict::Broken(_)), "nor does it become genuine when the key is back");
}

#[test]
fn a_head_under_a_previous_key_is_sealed_under_the_current_one() {
    let world = World::bare();
    let both = world.restarted(&[2, 1], cheap_settings(), 5);
    both.pending_tenant("Acme");
    assert_intact(&world.restarted(&[2], cheap_settings(), 6));
}

#[test]
fn another_instances_head_gets_its_seal() {
    let world = World::bare();
    let other = world.bare_instance("other");
    forge(&world, by_a_thief);
    other.pending_tenant("Acme");
    assert_intact(&other);
}

#[test]
fn resealing_does_not_vouch_for_a_forged_head() {
    for key in [1, 9] {
        let key = master_keys(&[key]).current_id();
        let world = World::new();
        let seal = forge(&world, |head| Seal::from_parts(key, *by_a_thief(head).tag())).seal;
        let both = world.restarted(&[2, 1], cheap_settings(), 5);
        for first_time in [true, false] {
            let report = reseal_keys(&both.authority, Actor::CommandLine).unwrap();
            let ResealReport { signing_keys, audit_heads, audit_heads_left, keys_of_seals_left, .. } = report;
            assert_eq!(0 < signing_keys, first_time, "the rest is done, which leaves events");
            assert_eq!((audit_heads, audit_heads_left), (0, 1));
            assert_eq!(Vec::from_iter(keys_of_seals_left), [key]);
            assert_eq!(stored(&world).seal, seal);
        }
    }
}

#[test]
fn resealing_again_leaves_no_event_for_a_head_that_it_leaves() {
    let world = World::bare();
    forge(&world, by_a_thief);
    let both = world.restarted(&[2, 1], cheap_settings(), 5);
    reseal_keys(&both.authority, Actor::CommandLine).unwrap();
    let head = stored(&world);
    reseal_keys(&both.authority, Actor::CommandLine).unwrap();
    assert_eq!(stored(&world), head);
}

#[test]
fn an_accepted_head_is_genuine_and_the_trail_says_which_one_it_was() {
    let world = World::bare();
    let keyless = world.restarted(&[2], cheap_settings(), 5);
    keyless.pending_tenant("Acme");
    let accepted = anchor(&keyless);
    assert_eq!(accept_head(&keyless.operator(), accepted).unwrap().anchor(), accepted);
    assert_intact(&keyless);
    keyless.pending_tenant("Bolt");
    assert_intact(&keyless);
    let [event] = &keyless.events("audit.accept_head")[..] else { panic!("one event") };
    let told: Vec<_> =
        event.changes.iter().map(|change| (change.attribute.as_str(), change.after.as_deref())).collect();
    let (head, key) = (accepted.to_string(), master_keys(&[1]).current_id().to_string());
    assert_eq!(told, [("head", Some(head.as_str())), ("replaced_seal_key_id", Some(key.as_str()))]);
    assert_eq!(event.position, accepted.position + 1);
}

#[test]
fn only_the_head_as_it_is_can_be_accepted() {
    let file = TrailFile::with_ten_entries();
    let removed = anchor(&file.world);
    file.tamper(REWIND);
    let rewound = anchor(&file.world);
    let accept = |anchor| denial(accept_head(&file.world.operator(), anchor));
    assert_eq!(
        accept(removed),
        RegistryDenial::AuditChainBroken(Break::AnchorBehindEnd { anchor: 11, last: 10 })
    );
    let other = Anchor { hash: removed.hash, ..rewound };
    assert_eq!(accept(other), RegistryDenial::AuditChainBroken(Break::AnchorDiffers { position: 10 }));
    file.world.pending_tenant("Later");
    assert_eq!(accept(rewound), RegistryDenial::AuditHeadDiffers, "it is not the end any more");
    file.world.authority.keep_books().unwrap();
    let mut codes: Vec<_> =
        file.world.events("audit.accept_head").into_iter().filter_map(|event| event.refusal).collect();
    codes.sort();
    assert_eq!(codes, ["audit_chain_broken", "audit_chain_broken", "audit_head_differs"]);
    assert!(matches!(file.first_break(), Break::HeadSealWrong { .. }));
    accept_head(&file.world.operator(), anchor(&file.world)).unwrap();
    assert_eq!(file.intact_entries(), 15, "ten, one later, three refusals, and the acceptance");
}

#[test]
fn a_chain_that_does_not_hold_is_not_accepted() {
    for (sql, expected) in [
        ("UPDATE audit_trail SET actor = 'x' WHERE position = 3", Break::EntryChanged { position: 3 }),
        ("DELETE FROM audit_trail WHERE position = 10", Break::EntriesMissingAtEnd { first: 10, last: 10 }),
    ] {
        let file = TrailFile::with_ten_entries();
        file.tamper(&format!("{REWIND}; {sql}"));
        let accepted = accept_head(&file.world.operator(), anchor(&file.world));
        assert_eq!(denial(accepted), RegistryDenial::AuditChainBroken(expected), "{sql}");
    }
}

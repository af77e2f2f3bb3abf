//! What is pruned leaves a sealed segment, and the rest stays verifiable.

use std::time::Duration;

use turnkeep_audit::verify::{Break, Verdict};
use turnkeep_domain::membership::Role;
use turnkeep_service::audit::prune_trail::{prune_expired, prune_trail};
use turnkeep_service::audit::show_chain::show_chain;
use turnkeep_service::audit::walk_trail::TrailVerdict;
use turnkeep_service::registry::denial::RegistryDenial;

use super::trail_file::TrailFile;
use crate::world::denial;

const DAY: u64 = 86_400;

/// Eleven old entries, and three from a day later.
fn two_days() -> TrailFile {
    let file = TrailFile::with_ten_entries();
    file.world.advance(DAY);
    for name in ["One", "Two", "Three"] {
        file.world.pending_tenant(name);
    }
    file
}

#[test]
fn pruning_removes_the_old_and_is_in_the_trail_itself() {
    let file = two_days();
    let now = file.world.authority.now();
    let pruned = prune_trail(&file.world.operator(), now).unwrap();
    assert_eq!((pruned.entries, pruned.segment.first_position, pruned.segment.last_position), (11, 1, 11));
    assert_eq!(file.intact_entries(), 4, "three, and the event of the pruning");
    let [event] = &file.world.events("audit.prune")[..] else { panic!("one event") };
    let told: Vec<_> = event
        .changes
        .iter()
        .map(|change| (change.attribute.as_str(), change.before.as_deref(), change.after.as_deref()))
        .collect();
    let time = told[3].2;
    assert_eq!(
        told,
        [
            ("first_position", None, Some("1")),
            ("last_position", None, Some("11")),
            ("entries", None, Some("11")),
            ("older_than", None, time),
        ]
    );
    assert!(time.unwrap().ends_with('Z'));
    let chain = show_chain(&file.world.operator()).unwrap();
    assert_eq!((chain.first_position, chain.segments.len()), (Some(12), 1));
}

#[test]
fn pruning_again_goes_on_where_the_last_one_ended() {
    let file = two_days();
    let now = file.world.authority.now();
    prune_trail(&file.world.operator(), now).unwrap();
    assert_eq!(denial(prune_trail(&file.world.operator(), now)), RegistryDenial::NothingToPrune);
    file.world.advance(DAY);
    let second = prune_trail(&file.world.operator(), file.world.authority.now()).unwrap();
    // Three tenants, the first pruning, and the one that was refused.
    file.world.authority.keep_books().unwrap();
    assert_eq!(second.segment.first_position, 12);
    assert!(matches!(file.verify(None), TrailVerdict::Judged(Verdict::Intact(_))));
}

#[test]
fn tampering_after_pruning_is_found() {
    for (sql, expected) in [
        ("DELETE FROM audit_segments", Break::EntriesMissingAtStart { first: 1, last: 11 }),
        (
            "UPDATE audit_segments SET last_position = 12; DELETE FROM audit_trail WHERE position = 12",
            Break::SegmentSealWrong { first: 1, last: 12 },
        ),
        ("UPDATE audit_segments SET pruned_at = 0", Break::SegmentSealWrong { first: 1, last: 11 }),
        ("DELETE FROM audit_trail WHERE position = 12", Break::EntriesMissing { first: 12, last: 12 }),
        ("UPDATE audit_trail SET object = NULL WHERE position = 13", Break::EntryChanged { position: 13 }),
        (
            "INSERT INTO audit_segments SELECT instance_id, 12, 13, last_hash, last_hash, pruned_at, seal_key_id,
                seal_tag FROM audit_segments; DELETE FROM audit_trail WHERE position < 14",
            Break::SegmentSealWrong { first: 12, last: 13 },
        ),
    ] {
        let file = two_days();
        prune_trail(&file.world.operator(), file.world.authority.now()).unwrap();
        file.tamper(sql);
        assert_eq!(file.first_break(), expected, "{sql}");
    }
}

#[test]
fn a_broken_trail_is_not_pruned() {
    let file = two_days();
    file.tamper("UPDATE audit_trail SET actor = 'x' WHERE position = 13");
    let refused = denial(prune_trail(&file.world.operator(), file.world.authority.now()));
    assert_eq!(refused, RegistryDenial::AuditChainBroken(Break::EntryChanged { position: 13 }));
    prune_expired(&file.world.authority, Duration::from_secs(60)).unwrap();
    file.world.authority.keep_books().unwrap();
    let chain = show_chain(&file.world.operator()).unwrap();
    assert_eq!((chain.first_position, chain.segments.len()), (Some(1), 0), "it is evidence");
    let codes: Vec<_> = file.world.events("audit.prune").into_iter().map(|event| event.refusal).collect();
    assert!(codes.iter().all(|code| code.as_deref() == Some("audit_chain_broken")), "{codes:?}");
}

#[test]
fn a_head_under_a_key_that_is_not_here_could_be_forged() {
    let file = two_days();
    let keyless = file.world.restarted(&[2], crate::world::cheap_settings(), 5);
    let refused = denial(prune_trail(&keyless.operator(), file.world.authority.now()));
    assert_eq!(refused, RegistryDenial::AuditChainUnproven);
}

#[test]
fn only_operators_prune() {
    let file = two_days();
    let tenant = file.world.pending_tenant("Acme");
    let owner = file.world.tenant_caller(tenant.id, Role::Owner);
    assert!(matches!(denial(prune_trail(&owner, file.world.authority.now())), RegistryDenial::Forbidden(_)));
    assert!(matches!(denial(show_chain(&owner)), RegistryDenial::Forbidden(_)));
}

#[test]
fn retention_prunes_by_itself_what_is_old_enough() {
    let file = two_days();
    let keep = Duration::from_secs(DAY / 2);
    assert_eq!(prune_expired(&file.world.authority, keep).unwrap(), 11);
    assert_eq!(file.intact_entries(), 4);
    assert_eq!(file.world.events("audit.prune")[0].actor, "system");
    assert_eq!(prune_expired(&file.world.authority, keep).unwrap(), 0);
    assert_eq!(file.intact_entries(), 4, "nothing is old enough, and nothing is said about it");
}

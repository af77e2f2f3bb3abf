//! Entries that are changed, removed, inserted or moved.

use turnkeep_audit::chain::ChainedEntry;
use turnkeep_audit::entry::AuditEntry;
use turnkeep_audit::entry_hash::EntryHash;
use turnkeep_audit::verify::{Break, ChainVerifier, Verdict};
use turnkeep_domain::id::{AuditEventId, RequestId, TenantId};
use turnkeep_domain::time::Timestamp;

use crate::trail::{INSTANCE, OTHER_INSTANCE, Trail, server_keys};

#[test]
fn an_untouched_chain_is_intact() {
    for length in [0, 1, 6] {
        let trail = Trail::new(length);
        let Verdict::Intact(checked) = trail.verdict(Some(&server_keys()), None) else { panic!("{length}") };
        assert_eq!((checked.entries, checked.pruned_up_to), (u64::from(length), 0));
        assert_eq!(checked.tip, trail.head.unwrap().head);
    }
}

#[test]
fn every_changed_field_is_found_at_its_entry() {
    type Edit = fn(&mut AuditEntry);
    let edits: [(&str, Edit); 14] = [
        ("id", |e| e.id = AuditEventId::from_bytes([0; 16])),
        ("tenant", |e| e.tenant_id = Some(TenantId::from_bytes([7; 16]))),
        ("no tenant", |e| e.tenant_id = None),
        ("actor", |e| e.actor = "system".to_owned()),
        ("action", |e| e.action = "app.create".to_owned()),
        ("object", |e| e.object = Some(String::new())),
        ("no object", |e| e.object = None),
        ("refusal", |e| e.refusal = Some(String::new())),
        ("no changes", |e| e.changes.clear()),
        ("attribute", |e| e.changes[0].attribute = "nam".to_owned()),
        ("before", |e| e.changes[0].before = Some(String::new())),
        ("after", |e| e.changes[0].after = None),
        ("request", |e| e.request_id = Some(RequestId::from_bytes([0; 16]))),
        ("time", |e| e.at = Timestamp::from_micros(e.at.as_micros() + 1)),
    ];
    for (name, edit) in edits {
        // Entry 4 was done and has a change; entries 1 and 7 are the ends.
        for position in [1, 4, 7] {
            let mut trail = Trail::new(7);
            let index = usize::try_from(position - 1).unwrap();
            let before = trail.entries[index].entry.clone();
            edit(&mut trail.entries[index].entry);
            if trail.entries[index].entry != before {
                assert_eq!(trail.first_break(), Some(Break::EntryChanged { position }), "{name} {position}");
            }
        }
        let mut changed = Trail::new(4).entries[3].clone();
        edit(&mut changed.entry);
        assert_ne!(changed.entry, Trail::new(4).entries[3].entry, "{name} changes nothing");
    }
}

#[test]
fn tampering_is_named_by_its_first_position() {
    type Tampering = fn(&mut Vec<ChainedEntry>);
    let cases: [(&str, Tampering, Break); 15] = [
        ("first removed", |e| drop(e.remove(0)), Break::EntriesMissingAtStart { first: 1, last: 1 }),
        (
            "two removed at the start",
            |e| drop(e.drain(..2)),
            Break::EntriesMissingAtStart { first: 1, last: 2 },
        ),
        ("one removed", |e| drop(e.remove(2)), Break::EntriesMissing { first: 3, last: 3 }),
        ("two removed", |e| drop(e.drain(2..4)), Break::EntriesMissing { first: 3, last: 4 }),
        ("last removed", |e| drop(e.pop()), Break::EntriesMissingAtEnd { first: 6, last: 6 }),
        ("all removed", Vec::clear, Break::EntriesMissingAtEnd { first: 1, last: 6 }),
        ("one twice", |e| e.insert(3, e[2].clone()), Break::EntryRepeated { position: 3 }),
        ("an older one again", |e| e.push(e[0].clone()), Break::EntryRepeated { position: 1 }),
        ("two out of order", |e| e.swap(2, 3), Break::EntriesMissing { first: 3, last: 3 }),
        ("a position 0", |e| e[0].entry.position = 0, Break::EntryPruned { position: 0 }),
        (
            "contents exchanged",
            |e| {
                let third = e[2].entry.clone();
                e[2].entry = AuditEntry { position: 3, ..e[3].entry.clone() };
                e[3].entry = AuditEntry { position: 4, ..third };
            },
            Break::EntryChanged { position: 3 },
        ),
        (
            "numbered over a gap",
            |e| {
                e.remove(2);
                for (position, chained) in (1..).zip(e) {
                    chained.entry.position = position;
                }
            },
            Break::LinkBroken { position: 3 },
        ),
        (
            "another link",
            |e| e[2].previous_hash = EntryHash::from_bytes([0; 32]),
            Break::LinkBroken { position: 3 },
        ),
        ("another hash", |e| e[2].hash = EntryHash::from_bytes([0; 32]), Break::EntryChanged { position: 3 }),
        (
            "the earlier of two",
            |e| {
                e[4].entry.actor.clear();
                e[1].entry.actor.clear();
            },
            Break::EntryChanged { position: 2 },
        ),
    ];
    for (name, tamper, expected) in cases {
        let mut trail = Trail::new(6);
        tamper(&mut trail.entries);
        assert_eq!(trail.first_break(), Some(expected), "{name}");
    }
}

#[test]
fn an_entry_with_a_new_hash_breaks_the_next_link() {
    let mut trail = Trail::new(6);
    trail.entries[2].entry.actor.clear();
    let mut forged = trail.clone();
    forged.rehash_from(2);
    trail.entries[2] = forged.entries[2].clone();
    assert_eq!(trail.first_break(), Some(Break::LinkBroken { position: 4 }));
}

#[test]
fn an_inserted_entry_with_everything_behind_it_hashed_anew_differs_from_the_head() {
    let mut trail = Trail::new(6);
    trail.entries.insert(2, trail.entries[4].clone());
    trail.rehash_from(2);
    assert_eq!(trail.first_break(), Some(Break::EntryBehindHead { position: 7 }));
    trail.entries.pop();
    assert_eq!(trail.first_break(), Some(Break::HeadDiffers { position: 6 }));
}

#[test]
fn entries_of_another_instance_are_not_ours() {
    let mut trail = Trail::new(3);
    trail.entries = Trail::of(OTHER_INSTANCE, 3).entries;
    assert_eq!(trail.first_break(), Some(Break::LinkBroken { position: 1 }));
    trail.entries = Trail::new(3).entries;
    let mut foreign = Trail::of(OTHER_INSTANCE, 3).entries[2].clone();
    foreign.previous_hash = trail.entries[1].hash;
    trail.entries[2] = foreign;
    assert_eq!(trail.first_break(), Some(Break::EntryChanged { position: 3 }));
}

#[test]
fn an_unreadable_entry_is_named_unless_something_before_it_is_broken() {
    let keys = server_keys();
    let trail = Trail::new(3);
    for (spoil_first, expected) in
        [(false, Break::EntryUnreadable { position: 2 }), (true, Break::EntryChanged { position: 1 })]
    {
        let mut first = trail.entries[0].clone();
        if spoil_first {
            first.entry.actor.clear();
        }
        let mut verifier = ChainVerifier::new(INSTANCE, &[], Some(&keys));
        verifier.feed(&first);
        verifier.feed_unreadable(2);
        verifier.feed(&trail.entries[2]);
        assert_eq!(verifier.first_break(), Some(&expected));
        assert_eq!(verifier.finish(trail.head.as_ref()), Verdict::Broken(expected));
    }
}

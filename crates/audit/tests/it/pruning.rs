//! Pruned trails: what stays verifiable, and segments that are forged.

use turnkeep_audit::entry_hash::EntryHash;
use turnkeep_audit::segment::{SealedSegment, Segment};
use turnkeep_audit::verify::{Break, Doubt, SealDoubt, Verdict};
use turnkeep_domain::id::InstanceId;

use crate::trail::{INSTANCE, OTHER_INSTANCE, Trail, foreign_keys, keys, server_keys};

/// Entries 1 to 3 and 4 to 5 are pruned, 6 to 8 are there.
fn pruned() -> Trail {
    let mut trail = Trail::new(8);
    trail.prune(3);
    trail.prune(5);
    trail
}

#[test]
fn a_pruned_chain_is_intact() {
    let Verdict::Intact(checked) = pruned().verdict(Some(&server_keys()), None) else { panic!() };
    assert_eq!((checked.entries, checked.pruned_up_to, checked.tip.position), (3, 5, 8));
    let mut all = Trail::new(8);
    all.prune(8);
    let Verdict::Intact(checked) = all.verdict(Some(&keys(&[3, 1])), None) else { panic!() };
    assert_eq!((checked.entries, checked.pruned_up_to, checked.tip.position), (0, 8, 8));
}

#[test]
fn tampering_with_a_pruned_trail_is_named() {
    type Tampering = fn(&mut Trail);
    let cases: [(&str, Tampering, Break); 9] = [
        ("changed", |t| t.entries[1].entry.actor.clear(), Break::EntryChanged { position: 7 }),
        ("next removed", |t| drop(t.entries.remove(0)), Break::EntriesMissing { first: 6, last: 6 }),
        ("last removed", |t| drop(t.entries.pop()), Break::EntriesMissingAtEnd { first: 8, last: 8 }),
        (
            "pruned one put back",
            |t| t.entries.insert(0, Trail::new(8).entries[4].clone()),
            Break::EntryPruned { position: 5 },
        ),
        ("no segments", |t| t.segments.clear(), Break::EntriesMissingAtStart { first: 1, last: 5 }),
        ("last segment removed", |t| t.segments.truncate(1), Break::EntriesMissing { first: 4, last: 5 }),
        (
            "segments out of order",
            |t| t.segments.rotate_left(1),
            Break::SegmentsNotContiguous { expected: 1, first: 4, last: 5 },
        ),
        (
            "segment twice",
            |t| t.segments.push(t.segments[1]),
            Break::SegmentsNotContiguous { expected: 6, first: 4, last: 5 },
        ),
        (
            "hashed anew",
            |t| {
                t.entries[0].entry.actor.clear();
                t.rehash_from(0);
            },
            Break::HeadDiffers { position: 8 },
        ),
    ];
    for (name, tamper, expected) in cases {
        let mut trail = pruned();
        tamper(&mut trail);
        assert_eq!(trail.first_break(), Some(expected), "{name}");
    }
}

#[test]
fn every_field_of_a_forged_segment_is_noticed() {
    type Forgery<'a> = &'a dyn Fn(&mut Segment);
    let (first, last) = (4, 5);
    let other = EntryHash::from_bytes([0; 32]);
    let cases: [(&str, Forgery<'_>, Break); 7] = [
        ("first", &|s| s.first_position = 5, Break::SegmentsNotContiguous { expected: 4, first: 5, last: 5 }),
        ("backwards", &|s| s.last_position = 3, Break::SegmentsNotContiguous { expected: 4, first, last: 3 }),
        ("last", &|s| s.last_position = 6, Break::SegmentSealWrong { first, last: 6 }),
        ("before", &|s| s.hash_before_first = other, Break::SegmentLinkBroken { first, last }),
        ("end", &|s| s.last_hash = other, Break::SegmentSealWrong { first, last }),
        (
            "time",
            &|s| s.pruned_at = s.pruned_at.plus(std::time::Duration::from_secs(1)),
            Break::SegmentSealWrong { first, last },
        ),
        (
            "instance",
            &|s| s.instance_id = InstanceId::from_bytes([9; 16]),
            Break::SegmentOfOtherInstance { first, last },
        ),
    ];
    for (name, forge, expected) in cases {
        let mut trail = pruned();
        forge(&mut trail.segments[1].segment);
        assert_eq!(trail.first_break(), Some(expected), "{name}");
    }
}

#[test]
fn removing_entries_and_calling_it_pruning_takes_the_key() {
    let mut trail = Trail::new(8);
    trail.prune(3);
    let genuine = trail.segments[0].seal;
    let last = trail.entries.remove(0).head(INSTANCE);
    let pruned_at = trail.segments[0].segment.pruned_at;
    let segment = Segment::up_to(&last, Some(&trail.segments[0].segment), pruned_at).unwrap();

    trail.segments.push(SealedSegment { segment, seal: genuine });
    assert_eq!(trail.first_break(), Some(Break::SegmentSealWrong { first: 4, last: 4 }));

    trail.segments[1] = foreign_keys().seal_segment(segment);
    let key_id = trail.segments[1].seal.key_id();
    let Verdict::Unproven(checked) = trail.verdict(Some(&server_keys()), None) else { panic!() };
    let doubt = SealDoubt::UnknownKey { key_id };
    assert_eq!(checked.doubts, [Doubt::SegmentSeal { first: 4, last: 4, doubt }]);
}

#[test]
fn without_keys_the_first_segment_and_the_head_are_in_doubt() {
    let Verdict::Unproven(checked) = pruned().verdict(None, None) else { panic!() };
    let doubt = SealDoubt::NoKeys;
    assert_eq!(checked.doubts, [Doubt::SegmentSeal { first: 1, last: 3, doubt }, Doubt::HeadSeal(doubt)]);
}

#[test]
fn segments_of_another_instance_are_not_ours() {
    let mut trail = pruned();
    trail.segments[0].segment.instance_id = OTHER_INSTANCE;
    assert_eq!(trail.first_break(), Some(Break::SegmentOfOtherInstance { first: 1, last: 3 }));
}

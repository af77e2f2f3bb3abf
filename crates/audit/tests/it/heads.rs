//! Heads that are removed, rewritten, or put back.

use turnkeep_audit::seal::SealedHead;
use turnkeep_audit::verify::{Break, Doubt, SealDoubt, Verdict};

use crate::trail::{OTHER_INSTANCE, Trail, foreign_keys, keys, server_keys};

#[test]
fn a_chain_without_a_head_is_broken_however_long_it_is() {
    for length in [0, 4] {
        let mut trail = Trail::new(length);
        trail.head = None;
        assert_eq!(trail.first_break(), Some(Break::HeadMissing { last: u64::from(length) }));
    }
}

#[test]
fn rows_removed_at_the_end_are_noticed_though_the_head_was_rewritten() {
    let mut trail = Trail::new(6);
    trail.entries.truncate(4);
    trail.rewrite_head(None);
    assert_eq!(trail.first_break(), Some(Break::HeadSealWrong { position: 4 }));
}

#[test]
fn a_tail_hashed_anew_is_noticed_with_the_old_head_and_with_a_rewritten_one() {
    let mut trail = Trail::new(6);
    trail.entries[3].entry.actor.clear();
    trail.rehash_from(3);
    assert_eq!(trail.first_break(), Some(Break::HeadDiffers { position: 6 }));
    trail.rewrite_head(None);
    assert_eq!(trail.first_break(), Some(Break::HeadSealWrong { position: 6 }));
}

#[test]
fn an_old_head_put_back_leaves_entries_behind_it() {
    let mut trail = Trail::new(6);
    trail.head = Trail::new(4).head;
    assert_eq!(trail.first_break(), Some(Break::EntryBehindHead { position: 5 }));
}

#[test]
fn the_head_of_another_instance_is_not_ours() {
    let mut trail = Trail::new(4);
    trail.head = Trail::of(OTHER_INSTANCE, 4).head;
    assert_eq!(trail.first_break(), Some(Break::HeadOfOtherInstance));
}

#[test]
fn a_previous_key_still_proves_the_head() {
    let trail = Trail::new(4);
    assert!(matches!(trail.verdict(Some(&keys(&[3, 1])), None), Verdict::Intact(_)));
}

#[test]
fn a_seal_that_nobody_can_judge_is_neither_intact_nor_broken() {
    let mut forged = Trail::new(4);
    forged.entries.truncate(3);
    let foreign = foreign_keys();
    forged.rewrite_head(Some(&foreign));
    let key_id = forged.head.unwrap().seal.key_id();
    let server = server_keys();
    for (trail, keys, expected) in
        [(Trail::new(4), None, SealDoubt::NoKeys), (forged, Some(&server), SealDoubt::UnknownKey { key_id })]
    {
        let Verdict::Unproven(checked) = trail.verdict(keys, None) else { panic!("{expected}") };
        assert_eq!(checked.doubts, [Doubt::HeadSeal(expected)]);
    }
}

#[test]
fn without_keys_a_head_that_does_not_fit_is_still_found() {
    let mut trail = Trail::new(6);
    let SealedHead { head, .. } = trail.head.unwrap();
    trail.entries.pop();
    assert_eq!(
        trail.verdict(None, None),
        Verdict::Broken(Break::EntriesMissingAtEnd { first: 6, last: head.position })
    );
}

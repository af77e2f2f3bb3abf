//! Anchors: what they notice that nothing inside of the database can.

use turnkeep_audit::anchor::Anchor;
use turnkeep_audit::chain::ChainHead;
use turnkeep_audit::entry_hash::EntryHash;
use turnkeep_audit::verify::{Break, Doubt, SealDoubt, Verdict};

use crate::trail::{INSTANCE, OTHER_INSTANCE, Trail, broken, server_keys};

#[test]
fn a_chain_passes_through_its_own_anchors() {
    let trail = Trail::new(6);
    for position in [1, 4, 6] {
        let verdict = trail.verdict(Some(&server_keys()), Some(trail.anchor_at(position)));
        assert_eq!(broken(verdict), None, "{position}");
    }
    let beginning = ChainHead::genesis(INSTANCE).anchor();
    assert_eq!(broken(trail.verdict(Some(&server_keys()), Some(beginning))), None);
}

#[test]
fn an_old_state_put_back_with_its_head_is_noticed_by_the_anchor_only() {
    let anchor = Trail::new(6).anchor_at(6);
    let old = Trail::new(4);
    assert_eq!(old.first_break(), None);
    let verdict = old.verdict(Some(&server_keys()), Some(anchor));
    assert_eq!(broken(verdict), Some(Break::AnchorBehindEnd { anchor: 6, last: 4 }));
}

#[test]
fn a_chain_hashed_anew_misses_the_anchor_even_with_the_key() {
    let anchor = Trail::new(6).anchor_at(4);
    let mut trail = Trail::new(6);
    trail.entries[1].entry.actor.clear();
    trail.rehash_from(1);
    trail.rewrite_head(Some(&server_keys()));
    assert_eq!(trail.first_break(), None);
    let verdict = trail.verdict(Some(&server_keys()), Some(anchor));
    assert_eq!(broken(verdict), Some(Break::AnchorDiffers { position: 4 }));
}

#[test]
fn the_beginning_of_another_instance_is_another_anchor() {
    let beginning = ChainHead::genesis(OTHER_INSTANCE).anchor();
    let verdict = Trail::new(3).verdict(Some(&server_keys()), Some(beginning));
    assert_eq!(broken(verdict), Some(Break::AnchorDiffers { position: 0 }));
}

#[test]
fn without_keys_an_anchor_at_the_end_stands_in_for_the_seal_and_an_earlier_one_does_not() {
    let trail = Trail::new(6);
    assert!(matches!(trail.verdict(None, Some(trail.anchor_at(6))), Verdict::Intact(_)));
    let Verdict::Unproven(checked) = trail.verdict(None, Some(trail.anchor_at(5))) else { panic!() };
    assert_eq!(checked.doubts, [Doubt::HeadSeal(SealDoubt::NoKeys)]);
}

#[test]
fn what_an_anchor_says_of_pruned_entries() {
    let mut trail = Trail::new(8);
    let [inside, end] = [2, 3].map(|position| trail.anchor_at(position));
    trail.prune(3);
    trail.prune(5);
    let keys = server_keys();
    assert_eq!(broken(trail.verdict(Some(&keys), Some(end))), None);
    let wrong = Anchor { hash: EntryHash::from_bytes([0; 32]), ..end };
    let expected = Some(Break::AnchorDiffers { position: 3 });
    assert_eq!(broken(trail.verdict(Some(&keys), Some(wrong))), expected);
    let Verdict::Unproven(checked) = trail.verdict(Some(&keys), Some(inside)) else { panic!() };
    assert_eq!(checked.doubts, [Doubt::AnchorPruned { position: 2 }]);
}

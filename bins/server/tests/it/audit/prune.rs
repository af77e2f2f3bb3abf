//! `turnkeep audit prune`: nothing goes unasked, and the rest verifies.

use super::trail::{Trail, audit};

/// Behind everything that has happened.
const LATER: &str = "2100-01-01T00:00:00Z";

#[test]
fn nothing_is_pruned_without_a_yes() {
    let trail = Trail::of_demo(|_| ());
    let head = trail.head();
    let said = trail.audit(&["prune", "--before", LATER]);
    assert_eq!(said.code, 8, "{said:?}");
    assert_eq!(trail.head(), head);
}

#[test]
fn after_pruning_the_rest_verifies_and_the_segment_cannot_be_forged() {
    let trail = Trail::of_demo(|_| ());
    let (before, head) = (trail.length(), trail.head());
    let pruned = trail.audit(&["prune", "--before", LATER, "--yes", "--output", "json"]).json();
    assert_eq!((&pruned["entries"], &pruned["last_position"]), (&before.into(), &before.into()));
    let told = trail.told(&["verify"]);
    assert!(told.contains(&format!("intact, 1 events after {before} that were pruned")), "{told}");
    assert_eq!(trail.audit(&["verify", "--head", &head]).code, 0, "the segment ends at that head");

    let (file, key) = (trail.export("audit.jsonl"), trail.text_path("data/master.key"));
    let verify = ["verify", "--data", "/nowhere", "--file", &file];
    assert_eq!(audit(&[&verify[..], &["--master-key-file", &key]].concat()).code, 0);
    let keyless = audit(&[&verify[..], &["--head", &trail.head()]].concat());
    assert_eq!(keyless.code, 9, "without the key, anybody may have made the segment: {keyless:?}");

    trail.tamper("DELETE FROM audit_segments");
    let said = trail.audit(&["verify"]);
    assert!(said.code == 9 && said.out.contains("no sealed segment stands for them"), "{said:?}");
}

#[test]
fn pruning_twice_finds_nothing_and_leaves_no_event() {
    let trail = Trail::of_demo(|_| ());
    let head = trail.head();
    let told = trail.told(&["prune", "--keep-days", "1", "--yes"]);
    assert_eq!(told, "nothing to prune: no event is as old as that\n");
    assert_eq!(trail.head(), head);
}

#[test]
fn a_broken_trail_is_evidence() {
    let trail = Trail::of_demo(|_| ());
    trail.tamper("UPDATE audit_trail SET actor = 'system!' WHERE position = 3");
    let said = trail.audit(&["prune", "--before", LATER, "--yes"]);
    assert_eq!(said.code, 9, "{said:?}");
    assert!(said.err.contains("nothing was pruned: the audit chain is broken: entry 3"), "{said:?}");
    let export = trail.told(&["export"]);
    assert!(
        export.contains("\"audit.prune\"") && export.contains("audit_chain_broken"),
        "the attempt is noted"
    );
}

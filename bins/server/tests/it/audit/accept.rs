//! `turnkeep audit accept`: a head without a genuine seal says so until somebody has looked into it.

use std::fs;

use super::trail::Trail;
use crate::process::{refusal, run};

/// Behind everything that has happened.
const LATER: &str = "2100-01-01T00:00:00Z";

/// What somebody does who can write to the database: the last event is gone, and the head says the one before.
const SHORTEN: &str = "
DELETE FROM audit_trail WHERE position = (SELECT max(position) FROM audit_trail);
UPDATE audit_heads SET position = position - 1,
    entry_hash = (SELECT entry_hash FROM audit_trail ORDER BY position DESC LIMIT 1)";

fn said(words: &[&str]) -> String {
    let output = run(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn assert_wrong(trail: &Trail) {
    let said = trail.audit(&["verify"]);
    assert!(said.code == 9 && said.out.contains("the seal of the head"), "{said:?}");
}

#[test]
fn a_shortened_trail_is_found_until_its_head_is_accepted() {
    let trail = Trail::of_demo(|_| ());
    trail.tamper(SHORTEN);
    assert_wrong(&trail);
    let shortened = trail.head();
    // The refusal is an event.
    assert_eq!(trail.audit(&["prune", "--before", LATER, "--yes"]).code, 9);
    let head = trail.head();
    assert_ne!(head, shortened);
    assert_wrong(&trail);

    let said = trail.audit(&["accept", "--head", &head]);
    assert_eq!((said.code, said.out.as_str()), (8, ""), "{said:?}");
    let said = trail.audit(&["accept", "--head", &shortened, "--yes"]);
    assert_eq!(said.code, 9, "{said:?}");
    assert!(
        said.err.contains("nothing was accepted: the audit chain does not end with this head"),
        "{said:?}"
    );
    assert_eq!(trail.audit(&["accept", "--head", "12", "--yes"]).code, 2);
    assert_eq!(trail.head(), head, "nothing of this is an event");
    assert_wrong(&trail);

    let told = trail.told(&["accept", "--head", &head, "--yes"]);
    assert!(told.contains(&format!("the head {head} is accepted")), "{told}");
    assert!(trail.told(&["verify", "--head", &head]).contains("intact"));
    let export = trail.told(&["export"]);
    assert!(export.contains("\"audit.accept_head\"") && export.contains(&head), "{export}");
    let again = trail.audit(&["accept", "--head", &trail.head(), "--yes", "--output", "json"]);
    assert_eq!((again.code, again.out.as_str()), (0, "{\"accepted\":null}\n"), "{again:?}");
}

#[test]
fn a_chain_that_is_broken_is_not_accepted() {
    let trail = Trail::of_demo(|_| ());
    trail.tamper(SHORTEN);
    trail.tamper("UPDATE audit_trail SET actor = 'system!' WHERE position = 3");
    let said = trail.audit(&["accept", "--head", &trail.head(), "--yes"]);
    assert_eq!(said.code, 9, "{said:?}");
    assert!(said.err.contains("nothing was accepted: the audit chain is broken: entry 3"), "{said:?}");
}

#[test]
fn a_head_under_a_key_that_is_gone_is_unproven_until_it_is_accepted() {
    let trail = Trail::of_demo(|_| ());
    let (data, key, new_key) =
        (trail.text_path("data"), trail.text_path("data/master.key"), trail.text_path("new.key"));
    said(&["keys", "new-master-key", "--out", &new_key]);
    let [old, new] = [&key, &new_key].map(|path| fs::read_to_string(path).unwrap());
    fs::write(&key, format!("{new}{old}")).unwrap();
    said(&["keys", "reseal", "--data", &data]);
    // Somebody lags behind, and seals with the old key once more.
    fs::write(&key, format!("{old}{new}")).unwrap();
    let credentials = trail.text_path("operator.json");
    said(&["operator", "recover", "--yes", "--data", &data, "--operator-credentials", &credentials]);

    fs::write(&key, new).unwrap();
    let verified = trail.audit(&["verify"]);
    assert!(verified.code == 9 && verified.out.contains("not proven"), "{verified:?}");
    let error = refusal(&["keys", "reseal", "--data", &data]);
    assert!(error.contains("1 ends of audit trails have no genuine seal"), "{error}");
    let head = trail.head();
    let accepted = trail.audit(&["accept", "--head", &head, "--yes", "--output", "json"]).json();
    assert_eq!(accepted["accepted"], head.as_str());
    assert!(trail.told(&["verify"]).contains("intact"));
    assert!(said(&["keys", "reseal", "--data", &data]).contains("those below it can be removed"));
}

//! `turnkeep audit verify` on the database: what was not touched verifies, what was is named.

use serde_json::json;

use super::trail::{Trail, audit};
use crate::wire::Management;

#[test]
fn what_nobody_touched_verifies_in_every_instance() {
    let trail = Trail::of_demo(|demo| {
        let second = Management::of(demo).post("/instances", &json!({ "slug": "second", "name": "Second" }));
        assert_eq!(second.status, 201, "{second:?}");
    });
    let told = trail.told(&["verify"]);
    let (default, second) = (format!("default: intact, {} events\n", trail.length()), "second: intact, ");
    assert!(told.contains(&default) && told.contains(second), "{told}");
    let json = trail.audit(&["verify", "--instance", "default", "--output", "json"]).json();
    assert_eq!(json["verified"], true);
    let [only] = json["trails"].as_array().unwrap().as_slice() else { panic!("{json}") };
    assert_eq!((&only["verdict"], &only["head"]), (&json!("intact"), &json!(trail.head())));
}

#[test]
fn an_instance_removed_with_its_trail_is_missed() {
    let trail = Trail::of_demo(|demo| {
        let second = Management::of(demo).post("/instances", &json!({ "slug": "second", "name": "Second" }));
        assert_eq!(second.status, 201, "{second:?}");
    });
    let of_second = "instance_id = (SELECT id FROM instances WHERE slug = 'second')";
    let tables = ["audit_trail", "audit_heads", "signing_keys", "scopes", "resources"];
    let deletions: String = tables.map(|table| format!("DELETE FROM {table} WHERE {of_second};")).concat();
    trail.tamper(&format!("{deletions} DELETE FROM instances WHERE slug = 'second'"));
    let said = trail.audit(&["verify"]);
    assert_eq!(said.code, 9, "{said:?}");
    assert!(said.out.starts_with("default: intact, "), "{said:?}");
    assert!(said.out.contains("second: broken\n  instance second was created at 20"), "{said:?}");
    assert!(said.out.contains(" and is gone\n"), "{said:?}");
    let json = trail.audit(&["verify", "--output", "json"]).json();
    assert_eq!((&json["verified"], &json["trails"][1]["verdict"]), (&json!(false), &json!("broken")));
    assert_eq!(trail.audit(&["verify", "--instance", "default"]).code, 0, "that one holds");
}

#[test]
fn the_first_broken_link_is_named_with_its_event() {
    let original = Trail::of_demo(|_| ());
    let last = original.length();
    let after_the_end = format!("entries {last} to {last} are missing at the end");
    // Statement, position, whether the event is there, and what is said about it.
    for (sql, position, is_there, message) in [
        ("UPDATE audit_trail SET actor = 'system!' WHERE position = 3", 3, true, "entry 3 was changed"),
        (
            "UPDATE audit_trail SET at = at + 1 WHERE position IN (4, 5)",
            4,
            true,
            "its content does not have its hash",
        ),
        (
            "UPDATE audit_trail SET previous_hash = entry_hash WHERE position = 6",
            6,
            true,
            "entry 6 does not follow",
        ),
        ("UPDATE audit_trail SET changes = 'x' WHERE position = 2", 2, false, "entry 2 cannot be read"),
        ("DELETE FROM audit_trail WHERE position = 4", 4, false, "entries 4 to 4 are missing"),
        ("DELETE FROM audit_trail WHERE position < 3", 1, false, "no sealed segment stands for them"),
        (
            "DELETE FROM audit_trail WHERE position = (SELECT max(position) FROM audit_trail)",
            last,
            false,
            after_the_end.as_str(),
        ),
        (
            "DELETE FROM audit_trail WHERE position = (SELECT max(position) FROM audit_trail);
             UPDATE audit_heads SET position = position - 1,
                entry_hash = (SELECT entry_hash FROM audit_trail ORDER BY position DESC LIMIT 1)",
            last - 1,
            true,
            "the seal of the head",
        ),
        ("DELETE FROM audit_heads", last + 1, false, "the head is missing"),
    ] {
        let trail = original.copy();
        trail.tamper(sql);
        let said = trail.audit(&["verify", "--output", "json"]);
        let found = &said.json()["trails"][0];
        assert_eq!((said.code, &found["verdict"]), (9, &json!("broken")), "{sql}: {said:?}");
        assert_eq!(found["first_break"]["position"], position, "{sql}: {found}");
        assert_eq!(found["first_break"]["event_id"].is_string(), is_there, "{sql}: {found}");
        assert!(found["first_break"]["message"].as_str().unwrap().contains(message), "{sql}: {found}");
        let problem: serde_json::Value = serde_json::from_str(&said.err).unwrap();
        assert_eq!(problem, json!({"code": "unverified", "detail": "the audit trail is broken"}), "{sql}");
        let text = trail.audit(&["verify"]);
        assert!(text.code == 9 && text.out.contains(message), "{text:?}");
        assert_eq!(text.err, "turnkeep: the audit trail is broken\n", "{sql}");
        let id = found["first_break"]["event_id"].as_str().unwrap_or("broken");
        assert!(text.out.contains(id), "{text:?}");
    }
}

#[test]
fn an_older_head_put_back_is_noticed_with_the_anchor_alone() {
    let folder = Trail::of_demo(|_| ());
    let old = folder.copy();
    // Something happens, somebody keeps the head, and then both are undone.
    assert_eq!(folder.audit(&["prune", "--before", "1970-01-02T00:00:00Z", "--yes"]).code, 0);
    let recover = folder.text_path("operator.json");
    let data = folder.text_path("data");
    let words = ["operator", "recover", "--yes", "--data", &data, "--operator-credentials", &recover];
    assert!(crate::process::run(&words).status.success());
    let kept = folder.text_path("head.txt");
    assert_eq!(folder.told(&["head", "--out", &kept]), "");
    assert_eq!(std::fs::read_to_string(&kept).unwrap().trim(), folder.head());
    assert!(old.length() < folder.length());
    folder.tamper(&format!(
        "ATTACH '{}' AS old;
         DELETE FROM audit_trail WHERE position > (SELECT position FROM old.audit_heads);
         DELETE FROM audit_heads; INSERT INTO audit_heads SELECT * FROM old.audit_heads;",
        old.database()
    ));
    assert_eq!(folder.audit(&["verify"]).code, 0, "head and seal are genuine, if old");
    for head in [kept.clone(), std::fs::read_to_string(&kept).unwrap().trim().to_owned()] {
        let said = folder.audit(&["verify", "--head", &head]);
        assert_eq!(said.code, 9, "{said:?}");
        assert!(said.out.contains("before the anchor: entries up to"), "{said:?}");
    }
    assert_eq!(folder.audit(&["verify", "--head", &old.head()]).code, 0, "an anchor on the way holds");
}

#[test]
fn a_trail_that_is_gone_is_not_called_intact() {
    let trail = Trail::of_demo(|_| ());
    trail.tamper("DELETE FROM audit_trail; DELETE FROM audit_heads");
    let said = trail.audit(&["verify"]);
    assert_eq!((said.code, said.err.as_str()), (9, "turnkeep: the audit trail could not be verified\n"));
    assert!(said.out.contains("no trail"), "{said:?}");
    assert_eq!(trail.audit(&["head"]).code, 4);
}

#[test]
fn commands_that_make_no_sense_end_before_anything_is_read() {
    for (words, code) in [
        (&["verify", "--server", "http://127.0.0.1:1"][..], 2),
        (&["verify", "--partial"], 2),
        (&["verify", "--head", "12:abc"], 2),
        (&["verify", "--file", "/nowhere/audit.jsonl"], 2),
        (&["verify", "--file", "/nowhere/audit.jsonl", "--instance", "second"], 2),
        (&["prune", "--yes"], 2),
        (&["prune", "--keep-days", "0"], 2),
        (&["prune", "--keep-days", "1", "--before", "2026-01-01T00:00:00Z"], 2),
        (&["prune", "--before", "yesterday"], 2),
        (&["chain"], 2),
    ] {
        let said = audit(words);
        assert_eq!((said.code, said.out.as_str()), (code, ""), "{words:?}: {said:?}");
    }
    let trail = Trail::of_demo(|_| ());
    assert_eq!(trail.audit(&["verify", "--instance", "elsewhere"]).code, 4);
}

//! `turnkeep audit export`, and `turnkeep audit verify` on what came out, far from any database.

use super::trail::{Said, Trail, audit};

/// Verifies a file with no more than that.
fn verify(file: &str, more: &[&str]) -> Said {
    // No data folder: whoever verifies has the export and perhaps the master key.
    audit(&[&["verify", "--file", file, "--data", "/nowhere"], more].concat())
}

#[test]
fn an_export_verifies_with_the_master_key_or_the_head() {
    let trail = Trail::of_demo(|_| ());
    let file = trail.export("audit.jsonl");
    let key = trail.text_path("data/master.key");
    let said = verify(&file, &["--master-key-file", &key]);
    assert!(said.code == 0 && said.out.contains(&format!("intact, {} events", trail.length())), "{said:?}");
    assert_eq!(verify(&file, &["--head", &trail.head()]).code, 0);
    let alone = verify(&file, &[]);
    assert_eq!(alone.code, 9);
    assert!(alone.out.contains("not proven") && alone.out.contains("no master key was given"), "{alone:?}");
}

#[test]
fn a_changed_export_names_its_first_broken_link() {
    let trail = Trail::of_demo(|_| ());
    let (original, head) = (std::fs::read_to_string(trail.export("audit.jsonl")).unwrap(), trail.head());
    let lines: Vec<&str> = original.lines().collect();
    let third: serde_json::Value = serde_json::from_str(lines[3]).unwrap();
    let id = third["id"].as_str().unwrap();
    let without = |gone: usize| {
        let kept = lines.iter().enumerate().filter(|(number, _)| *number != gone);
        kept.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    let actor = format!("\"actor\":\"{}\"", third["actor"].as_str().unwrap());
    let other_actor = original.replacen(lines[3], &lines[3].replace(&actor, "\"actor\":\"anonymous\""), 1);
    let entries = lines.len() - 2;
    let fewer =
        |text: &str| text.replace(&format!("\"entries\":{entries}"), &format!("\"entries\":{}", entries - 1));
    for (text, message) in [
        (other_actor, format!("this event is {id}")),
        (fewer(&without(3)), "entries 3 to 3 are missing".to_owned()),
        (fewer(&without(entries)), "are missing at the end".to_owned()),
        (original.chars().take(original.len() / 2).collect(), "the export is truncated".to_owned()),
        (without(lines.len() - 1), "the export is truncated".to_owned()),
        (without(0), "not the beginning of an audit export".to_owned()),
        (String::new(), "the export is truncated".to_owned()),
    ] {
        let file = trail.text_path("changed.jsonl");
        std::fs::write(&file, text).unwrap();
        let said = verify(&file, &["--head", &head]);
        assert_eq!(said.code, 9, "{said:?}");
        assert!(said.out.contains(&message), "{message}: {said:?}");
    }
}

#[test]
fn a_choice_of_events_is_accepted_only_by_whoever_asked_for_one() {
    let trail = Trail::of_demo(|_| ());
    let original = std::fs::read_to_string(trail.export("audit.jsonl")).unwrap();
    // Whoever drops events from a whole export can also call it a choice.
    let file = trail.text_path("chosen.jsonl");
    std::fs::write(&file, original.replacen("\"complete\":true", "\"complete\":false", 1)).unwrap();
    assert_eq!(verify(&file, &["--head", &trail.head()]).code, 9);
    let said = verify(&file, &["--head", &trail.head(), "--partial"]);
    assert!(said.code == 0 && said.out.contains("others may be missing"), "{said:?}");
}

#[test]
fn an_export_never_overwrites_anything() {
    let trail = Trail::of_demo(|_| ());
    let file = trail.export("audit.jsonl");
    let before = std::fs::read(&file).unwrap();
    assert_eq!(trail.audit(&["export", "--out", &file]).code, 2);
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert_eq!(trail.told(&["export"]).as_bytes(), before, "the same on standard output");
}

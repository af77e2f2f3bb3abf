//! `turnkeep audit` and `turnkeep review` at a server: what an auditor asks for.

use serde_json::{Value, json};
use tempfile::tempdir;

use super::trail::audit;
use crate::process::{Demo, turnkeep};

#[test]
fn a_far_away_trail_is_verified_with_an_export_and_a_head_that_was_kept() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (credentials, head, export) = (path("operator.json"), path("head.txt"), path("audit.jsonl"));
    std::fs::write(&credentials, demo.facts["operator"].to_string()).unwrap();
    let server = ["--server", &demo.server.base_url, "--credentials", &credentials];
    for words in [&["export", "--out", &export][..], &["head", "--out", &head]] {
        let said = audit(&[words, &server].concat());
        assert_eq!((said.code, said.out.as_str()), (0, ""), "{said:?}");
    }
    let said = audit(&["verify", "--file", &export, "--head", &head, "--data", "/nowhere"]);
    assert!(said.code == 0 && said.out.contains(": intact, "), "{said:?}");
    let shown = audit(&[&["head", "--output", "json"][..], &server].concat()).json();
    assert_eq!(shown["anchor"], std::fs::read_to_string(&head).unwrap().trim());
    let refused = audit(&[&["prune", "--keep-days", "1"][..], &server].concat());
    assert_eq!(refused.code, 2, "nobody prunes from afar: {refused:?}");
}

#[test]
fn seed_002_the_review_shows_every_app_with_what_deserves_a_look() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let credentials = folder.path().join("operator.json");
    std::fs::write(&credentials, demo.facts["operator"].to_string()).unwrap();
    let review = |more: &[&str]| {
        let mut command = turnkeep(&[&["review", "--all", "--server", &demo.server.base_url], more].concat());
        let output = command.arg("--credentials").arg(&credentials).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let table = review(&[]);
    let app = demo.text("/app/id");
    let line = table.lines().find(|line| line.starts_with(&app)).unwrap();
    assert!(table.starts_with("APP ID ") && line.contains("no_owner"), "{table}");
    let all: Value = serde_json::from_str(&review(&["--output", "json"])).unwrap();
    let items = all["items"].as_array().unwrap();
    let reviewed = items.iter().find(|item| item["app_id"] == app.as_str()).unwrap();
    let (scopes, age) = (reviewed["scopes"].as_str().unwrap(), &reviewed["oldest_secret_days"]);
    assert!(scopes.contains("read") && *age == json!(0), "{reviewed}");
    for member in ["owners", "last_used_at", "secret_expires_at", "warnings", "findings"] {
        assert!(reviewed.get(member).is_some(), "{member}: {reviewed}");
    }
}

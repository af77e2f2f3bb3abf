//! `turnkeep keys`, `turnkeep operator` and `turnkeep migrate`.

use tempfile::tempdir;

use crate::process::{Demo, refusal, run};
use crate::wire::{Client, Management, get};

fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_key_rotated_at_the_command_line_signs_after_the_next_start_and_old_tokens_live_on() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let old = Client::of(&demo, "app").token();
    demo.server.stop();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    assert!(
        said(&["keys", "rotate", "--data", data, "--urgency", "at-once"]).contains("made a new ES256 key")
    );
    assert_eq!(
        said(&["keys", "list", "--data", data]).lines().count(),
        3,
        "a heading, the old key, the new one"
    );
    let demo = Demo::start(folder.path());
    let client = Client::of(&demo, "app");
    let keys = get(&format!("{}/.well-known/jwks.json", demo.server.base_url)).body;
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
    assert_ne!(old.split('.').next(), client.token().split('.').next(), "another kid");
}

#[test]
fn a_master_key_is_made_once_and_never_overwritten() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("new-folder/master.key");
    let path = path.to_str().unwrap();
    said(&["keys", "new-master-key", "--out", path]);
    let before = std::fs::read(path).unwrap();
    assert!(refusal(&["keys", "new-master-key", "--out", path]).contains("never overwritten"));
    assert_eq!(std::fs::read(path).unwrap(), before);
}

#[test]
fn migrate_brings_an_empty_database_up_to_date_once() {
    let folder = tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    assert!(refusal(&["migrate", "--check", "--data", data]).contains("migrations to apply"));
    assert!(!folder.path().join("turnkeep.db").exists(), "a check makes nothing");
    assert!(said(&["migrate", "--data", data]).contains("applied "));
    assert_eq!(said(&["migrate", "--data", data]), "the database is up to date\n");
    assert_eq!(said(&["migrate", "--check", "--data", data]), "the database is up to date\n");
}

#[test]
fn an_operator_who_locked_itself_out_recovers_at_the_command_line() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let management = Management::of(&demo);
    let apps = management.get("/apps").body;
    let operator = apps["items"].as_array().unwrap().iter().find(|app| app["origin"] == "platform").unwrap();
    let (id, tenant) = (operator["id"].as_str().unwrap(), operator["tenant_id"].as_str().unwrap());
    assert_eq!(management.delete(&format!("/apps/{id}")).body["code"], "platform_record");
    assert_eq!(management.act(&format!("/tenants/{tenant}/suspend")).status, 200);
    assert_eq!(Client::of(&demo, "operator").request_token().status, 401);
    let data = folder.path().join("data");
    let file = folder.path().join("operator.json");
    let arguments = [
        "operator",
        "recover",
        "--yes",
        "--data",
        data.to_str().unwrap(),
        "--operator-credentials",
        file.to_str().unwrap(),
    ];
    assert!(said(&arguments).contains("operator.json"));
    let credentials: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(Client::of(&demo, "operator").request_token().status, 401, "the old secret is dead");
    Client::of(&demo, "operator").with_secret(credentials["client_secret"].as_str().unwrap()).token();
}

#[test]
fn keys_are_listed_and_rotated_for_programs_too() {
    let folder = tempdir().unwrap();
    Demo::start(folder.path()).server.stop();
    let data = folder.path().join("data");
    let json = |words: &[&str]| -> serde_json::Value {
        let more = ["--data", data.to_str().unwrap(), "--output", "json"];
        serde_json::from_str(&said(&[words, &more].concat())).unwrap()
    };
    let before = json(&["keys", "list"]);
    assert_eq!(
        (&before["items"][0]["state"], &before["items"][0]["alg"]),
        (&"active".into(), &"ES256".into())
    );
    let kid = &before["items"][0]["kid"];
    assert_eq!(json(&["keys", "rotate"])["steps"][0], serde_json::json!({"step": "publish", "alg": "ES256"}));
    let erased = json(&["keys", "rotate", "--urgency", "compromised", "--yes"]);
    let steps = erased["steps"].as_array().unwrap();
    assert!(steps.contains(&serde_json::json!({"step": "erase", "kid": kid})), "{erased}");
}

//! `turnkeep keys`, `turnkeep operator` and `turnkeep migrate`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::process::{Demo, refusal, run};
use crate::wire::{Client, Management, get};

fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn for_programs(data: &Path, words: &[&str]) -> Value {
    let more = ["--data", data.to_str().unwrap(), "--output", "json"];
    serde_json::from_str(&said(&[words, &more].concat())).unwrap()
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
        4,
        "a heading, the old key, the new one, that of ID tokens"
    );
    let demo = Demo::start(folder.path());
    let client = Client::of(&demo, "app");
    let keys = get(&format!("{}/.well-known/jwks.json", demo.server.base_url)).body;
    assert_eq!(keys["keys"].as_array().unwrap().len(), 3);
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
    let close = management.act(&format!("/tenants/{tenant}/close"));
    assert_eq!((close.status, &close.body["code"]), (409, &"platform_record".into()));
    let suspend = management.act(&format!("/tenants/{tenant}/suspend"));
    assert_eq!((suspend.status, &suspend.body["code"]), (409, &"operator_app_enabled".into()));
    assert_eq!(management.act(&format!("/apps/{id}/disable")).status, 200);
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
    let credentials: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(Client::of(&demo, "operator").request_token().status, 401, "the old secret is dead");
    Client::of(&demo, "operator").with_secret(credentials["client_secret"].as_str().unwrap()).token();
}

#[test]
fn keys_are_listed_and_rotated_for_programs_too() {
    let folder = tempdir().unwrap();
    Demo::start(folder.path()).server.stop();
    let data = folder.path().join("data");
    let json = |words: &[&str]| for_programs(&data, words);
    let before = json(&["keys", "list"]);
    assert_eq!(
        (&before["items"][0]["state"], &before["items"][0]["alg"]),
        (&"active".into(), &"ES256".into())
    );
    let kid = &before["items"][0]["kid"];
    let published = json(&["keys", "rotate"]);
    let step = json!({"step": "publish", "instance": "default", "alg": "ES256"});
    assert_eq!(published["steps"], json!([step]), "without --alg, the usual one");
    let erased = json(&["keys", "rotate", "--urgency", "compromised", "--yes"]);
    let steps = erased["steps"].as_array().unwrap();
    assert!(steps.contains(&json!({"step": "erase", "instance": "default", "kid": kid})), "{erased}");
}

/// The ids of an instance's keys, each with its algorithm.
fn kids(data: &Path, instance: &str) -> BTreeMap<String, String> {
    let listed = for_programs(data, &["keys", "list", "--instance", instance]);
    let text = |key: &Value, member: &str| key[member].as_str().unwrap().to_owned();
    listed["items"].as_array().unwrap().iter().map(|key| (text(key, "kid"), text(key, "alg"))).collect()
}

fn algorithms(kids: &BTreeMap<String, String>) -> BTreeSet<&str> {
    kids.values().map(String::as_str).collect()
}

#[test]
fn when_keys_leaked_no_algorithm_and_no_instance_is_left_out() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let second = Management::of(&demo).post("/instances", &json!({"slug": "second", "name": "Second"}));
    assert_eq!(second.status, 201);
    demo.server.stop();
    let data = folder.path().join("data");
    let rotate = |more: &[&str]| {
        let steps = for_programs(&data, &[&["keys", "rotate", "--yes"], more].concat());
        steps["steps"].as_array().unwrap().len()
    };
    rotate(&["--alg", "EdDSA"]);
    let before = kids(&data, "default");
    assert_eq!(algorithms(&before), ["ES256", "EdDSA", "RS256"].into());

    assert_eq!(rotate(&["--urgency", "compromised", "--alg", "EdDSA"]), 2, "one is erased and one made");
    let one = kids(&data, "default");
    assert_eq!(before.keys().filter(|kid| one.contains_key(*kid)).count(), 2, "the others were not named");

    let elsewhere = kids(&data, "second");
    assert_eq!(rotate(&["--urgency", "compromised"]), 6, "three are erased and three made");
    let all = kids(&data, "default");
    assert!(one.keys().all(|kid| !all.contains_key(kid)), "{one:?} {all:?}");
    assert_eq!(algorithms(&all), algorithms(&one));
    assert_eq!(kids(&data, "second"), elsewhere, "another instance was not named");

    assert_eq!(rotate(&["--urgency", "compromised", "--all-instances"]), 10);
    for (instance, old) in [("default", all), ("second", elsewhere)] {
        let new = kids(&data, instance);
        assert!(old.keys().all(|kid| !new.contains_key(kid)), "{instance}: {old:?} {new:?}");
        assert_eq!(algorithms(&old), algorithms(&new), "{instance}");
    }
}

#[test]
fn all_instances_are_rotated_for_a_leak_only() {
    let folder = tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    for (more, expected) in [
        (&["--urgency", "at-once"][..], "only for --urgency compromised"),
        (&[], "only for --urgency compromised"),
        (&["--urgency", "compromised", "--instance", "second"], "contradict"),
    ] {
        let words = [&["keys", "rotate", "--data", data, "--all-instances", "--yes"], more].concat();
        assert!(refusal(&words).contains(expected), "{more:?}");
    }
}

#[test]
fn programs_are_told_that_an_instance_is_not_there() {
    let folder = tempdir().unwrap();
    Demo::start(folder.path()).server.stop();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    for words in [&["keys", "list"][..], &["keys", "rotate"], &["explain", "tk_some"]] {
        let more = ["--instance", "nope", "--data", data, "--output", "json"];
        let output = run(&[words, &more].concat());
        let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), &error["code"]),
            (Some(4), &"not_found".into()),
            "{words:?}: {error}"
        );
    }
}

#[test]
fn programs_are_told_what_was_sealed_and_recovered() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let data = folder.path().join("data");
    let file = folder.path().join("operator.json");
    let json = |words: &[&str]| -> serde_json::Value {
        let more = ["--data", data.to_str().unwrap(), "--output", "json"];
        serde_json::from_str(&said(&[words, &more].concat())).unwrap()
    };
    let report = json(&["keys", "reseal"]);
    assert_eq!((&report["audit_heads_left"], &report["signing_keys"]), (&0.into(), &0.into()), "{report}");
    let recovered = json(&["operator", "recover", "--yes"]);
    Client::of(&demo, "operator").with_secret(recovered["client_secret"].as_str().unwrap()).token();
    let recovered = json(&["operator", "recover", "--yes", "--operator-credentials", file.to_str().unwrap()]);
    assert_eq!(recovered["credentials_file"], file.to_str().unwrap());
    assert!(recovered.get("client_secret").is_none());
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    Client::of(&demo, "operator").with_secret(kept["client_secret"].as_str().unwrap()).token();
}

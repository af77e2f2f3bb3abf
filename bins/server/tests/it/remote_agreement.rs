//! What takes something away asks first: at a server, on its files, and only where something is really taken.

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::process::{Demo, run as run_here};
use crate::scripted_server::{self, Reply, run};

const APP: &str = "app_00000000000000000000000001";
const TENANT: &str = "ten_00000000000000000000000001";
const USER: &str = "usr_00000000000000000000000001";
const PLAN: &str = "pln_00000000000000000000000001";

/// Exit code and the number of requests of a command whose record is read first.
fn given(record: &Reply, words: &str) -> (i32, usize) {
    let replies = vec![record.clone(), scripted_server::json(200, &json!({}))];
    let (code, _, error, requests) = run(replies, &words.split(' ').collect::<Vec<_>>());
    assert_eq!(code == 8, error.contains("--yes"), "{words}: {error}");
    (code, requests.len())
}

#[test]
fn a_change_asks_only_if_it_takes_something_away() {
    let app = scripted_server::json(
        200,
        &json!({"id": APP, "name": "A", "scopes": "a b", "service_access": {"as": "user", "user_id": USER}}),
    );
    let silent = scripted_server::json(200, &json!({"scopes": "", "service_access": {"as": "none"}}));
    let member = |role: &str| scripted_server::json(200, &json!({"user_id": USER, "role": role}));
    let missing = scripted_server::json(404, &json!({"code": "not_found"}));
    let tenant =
        |days: Value| scripted_server::json(200, &json!({"id": TENANT, "secret_max_age_days": days}));
    let (asks, goes_on) = ((8, 1), (0, 2));
    let cases = [
        (&app, format!("app update {APP} --scope a --scope b --scope c"), goes_on),
        (&app, format!("app update {APP} --scope a"), asks),
        (&app, format!("app update {APP} --reset scopes"), asks),
        (&app, format!("app update {APP} --as-user {USER}"), goes_on),
        (&app, format!("app update {APP} --service-access app"), asks),
        (&app, format!("app update {APP} --service-access none"), asks),
        (&app, format!("app update {APP} --reset service-access"), asks),
        (&silent, format!("app update {APP} --service-access app --scope a"), goes_on),
        (&silent, format!("app update {APP} --reset service-access --reset scopes"), goes_on),
        (&member("owner"), format!("member set {TENANT} {USER} --role admin"), asks),
        (&member("developer"), format!("member set {TENANT} {USER} --role auditor"), asks),
        (&member("developer"), format!("member set {TENANT} {USER} --role admin"), goes_on),
        (&member("admin"), format!("member set {TENANT} {USER} --role admin"), goes_on),
        (&missing, format!("member set {TENANT} {USER} --role auditor"), goes_on),
        (&tenant(Value::Null), format!("tenant update {TENANT} --secret-max-age-days 90"), asks),
        (&tenant(json!(365)), format!("tenant update {TENANT} --secret-max-age-days 90"), asks),
        (&tenant(json!(30)), format!("tenant update {TENANT} --secret-max-age-days 90"), goes_on),
    ];
    for (record, words, expected) in cases {
        assert_eq!(given(record, &words), expected, "{words}");
    }
}

#[test]
fn what_cannot_be_undone_asks_and_a_rehearsal_does_not() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("records.json");
    std::fs::write(&path, r#"{"turnkeep":1,"operators":["ada"]}"#).unwrap();
    let file = path.to_str().unwrap();
    let cases: [(&[&str], i32); 6] = [
        (&["plan", "archive", PLAN], 8),
        (&["plan", "archive", PLAN, "--yes"], 0),
        (&["plan", "retire", PLAN, "--dry-run"], 0),
        (&["import", file], 8),
        (&["import", file, "--dry-run"], 0),
        (&["import", file, "--yes"], 0),
    ];
    for (words, exit) in cases {
        let (code, _, error, requests) = run(vec![scripted_server::json(200, &json!({}))], words);
        assert_eq!((code, requests.len()), (exit, usize::from(exit == 0)), "{words:?}: {error}");
    }
}

#[test]
fn on_the_files_of_a_server_as_well() {
    let folder = tempdir().unwrap();
    Demo::start(folder.path()).server.stop();
    let data = folder.path().join("data");
    let file = folder.path().join("records.json");
    std::fs::write(
        &file,
        r#"{"turnkeep":1,"users":[{"name":"ada","kind":"internal","display_name":"Ada"}]}"#,
    )
    .unwrap();
    let credentials = folder.path().join("operator.json");
    let cases: [&[&str]; 3] = [
        &["keys", "rotate", "--urgency", "compromised"],
        &["import", file.to_str().unwrap()],
        &["operator", "recover", "--operator-credentials", credentials.to_str().unwrap()],
    ];
    for words in cases {
        let words = [words, &["--data", data.to_str().unwrap()]].concat();
        let output = run_here(&words);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(8), 0), "{words:?}: {error}");
        assert!(error.contains("--yes"), "{error}");
        assert!(!credentials.exists(), "{words:?}");
        let output = run_here(&[&words[..], &["--yes"]].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(credentials.exists());
}

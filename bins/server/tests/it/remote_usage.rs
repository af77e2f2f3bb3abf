//! `turnkeep usage`: what is asked of a server, and what is made of its answers.

use std::fs;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::scripted_server::{self, Reply, run};

const APP: &str = "app_00000000000000000000000001";
const TENANT: &str = "ten_00000000000000000000000001";

fn usage(history: &Value) -> Reply {
    let hour = json!({"window": "hour", "used": 75, "limit": 100, "percent": 75.0, "status": "warning",
        "starts_at": "2026-11-21T22:00:00Z", "resets_at": "2026-11-21T23:00:00Z"});
    let body = json!({"app_id": APP, "plan": "pro", "status": "warning", "binding_window": "hour",
        "windows": [hour], "history": history});
    scripted_server::json(200, &body)
}

#[test]
fn an_app_is_shown_with_its_windows_and_their_past() {
    let past = json!([{"starts_at": "2026-11-20T00:00:00Z", "used": 7}]);
    let words = ["usage", "show", APP, "--history", "day", "--from", "2026-11-01T00:00:00Z"];
    let (code, said, error, requests) = run(vec![usage(&past)], &words);
    assert_eq!((code, error.as_str()), (0, ""));
    let line = format!("GET /api/v1/apps/{APP}/usage?history=day&from=2026-11-01T00%3A00%3A00Z");
    assert_eq!(requests[0].line, line);
    assert_eq!(
        said,
        "plan: pro, status: warning, binding window: hour\n\n\
         WINDOW  USED  LIMIT  %     STATUS   RESETS\n\
         hour    75    100    75.0  warning  2026-11-21 23:00\n\n\
         STARTED           USED\n\
         2026-11-20 00:00  7\n"
    );
}

#[test]
fn whose_usage_it_is_says_where_it_is_asked_for() {
    for (words, line) in [
        (vec!["usage", "show"], "GET /api/v1/usage".to_owned()),
        (vec!["usage", "show", APP], format!("GET /api/v1/apps/{APP}/usage")),
        (vec!["usage", "show", "--tenant", TENANT], format!("GET /api/v1/tenants/{TENANT}/usage")),
    ] {
        let (code, _, _, requests) = run(vec![usage(&Value::Null)], &words);
        assert_eq!((code, requests[0].line.as_str()), (0, line.as_str()));
    }
    for words in [&["usage", "show", APP, "--tenant", TENANT][..], &["usage", "show", APP, "--to", "now"]] {
        assert_eq!(run(Vec::new(), words).0, 2, "{words:?}");
    }
}

#[test]
fn a_long_file_is_reported_in_parts_and_told_as_one() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    let line = |number: u32| format!("{}\n", json!({"id": number.to_string(), "app_id": APP, "units": 1}));
    fs::write(&path, (0..1_200).map(line).collect::<String>()).unwrap();
    let answer = |counted: u32, id: &str| {
        let refused = json!([{"id": id, "code": "too_old"}]);
        let app = json!({"app_id": APP, "status": id});
        let body = json!({"counted": counted, "duplicates": 1, "refused": refused, "apps": [app]});
        scripted_server::json(200, &body)
    };
    let words = ["usage", "report", path.to_str().unwrap()];
    let replies = || vec![answer(998, "a"), answer(198, "b")];
    let (code, said, _, requests) = run(replies(), &words);
    assert_eq!(code, 0);
    assert_eq!(said, "counted: 1196, duplicates: 2, refused: 2\n\nID  CODE\na   too_old\nb   too_old\n");
    let sent = requests.iter().map(|request| request.json()["events"].as_array().unwrap().len());
    assert_eq!(sent.collect::<Vec<_>>(), [1_000, 200]);
    assert!(requests.iter().all(|request| request.line == "POST /api/v1/usage"));
    let (_, said, _, _) = run(replies(), &[&words[..], &["--output", "json"]].concat());
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&told["counted"], &told["apps"]), (&json!(1_196), &json!([{"app_id": APP, "status": "b"}])));
}

#[test]
fn a_file_that_cannot_be_read_reports_nothing() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    fs::write(&path, "{\"id\":\"1\"}\nnonsense\n").unwrap();
    let (code, _, error, requests) = run(Vec::new(), &["usage", "report", path.to_str().unwrap()]);
    assert_eq!((code, requests.len()), (2, 0));
    assert!(error.contains("line 2 is not JSON"), "{error}");
}

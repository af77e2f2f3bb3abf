//! Refusals for programs (`--output json`) and what they say about what was asked for.

use serde_json::{Value, json};

use crate::process::run as run_here;
use crate::scripted_server::{self, Reply, run};

const APP: &str = "app_00000000000000000000000001";
const TENANT: &str = "ten_00000000000000000000000001";
const USER: &str = "usr_00000000000000000000000001";

/// Exit code and the JSON document on standard error.
fn refused(replies: Vec<Reply>, words: &[&str]) -> (i32, Value) {
    let words = [words, &["--output", "json"]].concat();
    let (code, said, error, _) = run(replies, &words);
    assert_eq!(said, "", "{words:?}");
    assert_eq!(error.lines().count(), 1, "{words:?}: {error}");
    (code, serde_json::from_str(&error).unwrap_or_else(|_| panic!("{words:?}: {error}")))
}

#[test]
fn a_program_gets_the_problem_document_as_it_came() {
    let body = r#"{"z":1,"type":"about:blank","status":409,"code":"tenant_state","errors":[]}"#;
    let (code, _, error, _) =
        run(vec![Reply::Answer(409, "", body.to_owned())], &["app", "enable", APP, "--output", "json"]);
    assert_eq!((code, error), (3, format!("{body}\n")));
    let pretty = "{\n \"code\": \"not_found\"\n}";
    let (code, problem) = refused(vec![Reply::Answer(404, "", pretty.to_owned())], &["app", "show", APP]);
    assert_eq!((code, &problem["code"]), (4, &json!("not_found")));
}

#[test]
fn what_no_server_said_has_a_code_and_a_detail_too() {
    let busy = || Reply::Answer(502, "", "<html>".to_owned());
    let token = json!({"error": "invalid_client", "error_description": "no such client"});
    let cases: [(Vec<Reply>, &[&str], i32, &str); 4] = [
        (vec![busy()], &["app", "show", APP], 6, "unexpected_answer"),
        (vec![], &["app", "disable", APP], 8, "not_confirmed"),
        (vec![Reply::Break, Reply::Break], &["app", "show", APP], 6, "unreachable"),
        (vec![], &["app", "update", APP], 2, "usage"),
    ];
    for (replies, words, exit, code) in cases {
        let (exited, problem) = refused(replies, words);
        assert_eq!((exited, &problem["code"]), (exit, &json!(code)), "{words:?}");
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{problem}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("operator.json");
    std::fs::write(&file, r#"{"client_id":"tk_1","client_secret":"tkcs_x"}"#).unwrap();
    let words = ["whoami", "--credentials", file.to_str().unwrap()];
    let (exit, problem) = refused(vec![scripted_server::json(401, &token)], &words);
    assert_eq!(
        (exit, &problem),
        (5, &json!({"code": "not_authenticated", "detail": "not authenticated: no such client"}))
    );
}

#[test]
fn a_command_on_the_files_of_a_server_refuses_in_json_too() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let output = run_here(&["keys", "list", "--data", data, "--output", "json"]);
    let problem: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!((output.status.code(), &problem["code"]), (Some(1), &json!("fault")));
}

#[test]
fn what_is_not_found_is_named() {
    let cases: [(&[&str], &str); 5] = [
        (&["app", "show", APP], "not found: app $APP (not_found)"),
        (&["app", "enable", APP], "not found: app $APP (not_found)"),
        (
            &["member", "remove", TENANT, USER, "--yes"],
            "not found: member $USER of tenant $TENANT (not_found)",
        ),
        (&["storage", "check", APP], "not found: storage settings of app $APP (not_found)"),
        (&["app", "list", "--after", "x"], "not found (not_found)"),
    ];
    for (words, expected) in cases {
        let missing = scripted_server::json(404, &json!({"status": 404, "code": "not_found"}));
        let (code, _, error, _) = run(vec![missing], words);
        let ids = [("$APP", APP), ("$TENANT", TENANT), ("$USER", USER)];
        let expected = ids.iter().fold(expected.to_owned(), |text, (name, id)| text.replace(name, id));
        assert_eq!((code, error.trim_end()), (4, format!("turnkeep: {expected}").as_str()));
    }
}

#[test]
fn an_app_without_storage_settings_is_told_from_no_app() {
    let missing = || scripted_server::json(404, &json!({"status": 404, "code": "not_found"}));
    let app = scripted_server::json(200, &json!({"id": APP}));
    let (code, _, error, _) = run(vec![missing(), app], &["storage", "show", APP]);
    assert_eq!(code, 4);
    assert!(error.contains("no storage settings") && error.contains("platform's own storage"), "{error}");
    let (code, _, error, _) = run(vec![missing(), missing()], &["storage", "show", APP]);
    assert_eq!((code, error), (4, format!("turnkeep: not found: app {APP} (not_found)\n")));
}

#[test]
fn a_removal_says_what_is_gone() {
    let cases: [(&[&str], &str); 3] = [
        (&["app", "delete", APP], "deleted app $APP\n"),
        (&["member", "remove", TENANT, USER], "removed member $USER of tenant $TENANT\n"),
        (&["storage", "remove", APP], "removed storage settings of app $APP\n"),
    ];
    for (words, expected) in cases {
        let gone = Reply::Answer(204, "", String::new());
        let (code, said, error, _) = run(vec![gone], &[words, &["--yes"]].concat());
        let ids = [("$APP", APP), ("$TENANT", TENANT), ("$USER", USER)];
        let expected = ids.iter().fold(expected.to_owned(), |text, (name, id)| text.replace(name, id));
        assert_eq!((code, said), (0, expected), "{error}");
    }
}

#[test]
fn a_retirement_is_a_table_with_a_summary() {
    let plan = "pln_00000000000000000000000001";
    let fate = |name: Option<&str>, fate: &str| json!({"app_id": APP, "app_name": name, "client_id": "tk_1", "tenant_id": TENANT, "fate": fate});
    let body = json!({
        "id": plan, "code": "pro", "state": "active", "dry_run": true,
        "affected_apps": [fate(Some("Invoices"), "stops"), fate(None, "moves"), fate(Some("Bills"), "stops")],
    });
    let (code, said, error, _) =
        run(vec![scripted_server::json(200, &body)], &["plan", "retire", plan, "--dry-run"]);
    assert_eq!(code, 0, "{error}");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>(), ["APP", "CLIENT", "ID", "TENANT", "FATE"]);
    assert_eq!(lines[1].split_whitespace().collect::<Vec<_>>(), ["Invoices", "tk_1", TENANT, "stops"]);
    assert_eq!(lines[2].split_whitespace().next(), Some(APP), "without a name, its id");
    assert_eq!(lines[4], "plan pro: stops 2, moves 1 (dry run: nothing was changed)");
    let done = json!({"id": plan, "code": "pro", "state": "retired", "dry_run": false, "affected_apps": []});
    let words = ["plan", "retire", plan, "--yes"];
    let (_, said, _, _) = run(vec![scripted_server::json(200, &done)], &words);
    assert_eq!(said, "plan pro is retired: stops 0, moves 0\n");
    let (_, said, _, _) =
        run(vec![scripted_server::json(200, &done)], &[&words[..], &["--output", "json"]].concat());
    assert_eq!(said.trim_end(), done.to_string());
}

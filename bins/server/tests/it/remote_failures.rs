//! Commands to a server that cannot be done: exit codes, what is said, and what is tried again.

use std::io::Write;
use std::process::Stdio;

use serde_json::json;
use tempfile::tempdir;

use crate::process::turnkeep;
use crate::scripted_server::{self, Reply, ScriptedServer, run};

const APP: &str = "app_00000000000000000000000001";

fn problem(status: u16, code: &str) -> Reply {
    scripted_server::json(status, &json!({ "status": status, "code": code, "title": "No", "detail": "no" }))
}

#[test]
fn every_problem_has_its_exit_code_and_its_words() {
    let cases = [
        (401, "invalid_token", 5, "not authenticated: no (invalid_token)"),
        (403, "forbidden", 3, "refused: no (forbidden)"),
        (404, "not_found", 4, "not found: app app_00000000000000000000000001: no (not_found)"),
        (409, "tenant_state", 3, "refused: no (tenant_state)"),
        (409, "request_in_progress", 6, "refused: no (request_in_progress)"),
        (412, "stale_version", 7, "changed by somebody else: no (stale_version)"),
        (422, "invalid_fields", 3, "refused: no (invalid_fields)"),
        (429, "temporarily_unavailable", 6, "the server is busy: no (temporarily_unavailable)"),
        (500, "internal_error", 1, "unexpected answer: no (internal_error)"),
    ];
    for (status, code, exit, words) in cases {
        let (exited, said, error, _) = run(vec![problem(status, code)], &["app", "enable", APP]);
        assert_eq!((exited, said.as_str()), (exit, ""), "{status} {code}: {error}");
        assert!(error.starts_with(&format!("turnkeep: {words}\n")), "{error}");
        assert!(!error.contains("tkmt_secret"), "{error}");
    }
}

#[test]
fn commands_that_make_no_sense_ask_the_server_nothing() {
    let cases: [&[&str]; 11] = [
        &["app", "show", "ten_00000000000000000000000001"],
        &["app", "update", APP],
        &["app", "list", "--limit", "0"],
        &["app", "list", "--limit", "5", "--all"],
        &["app", "list", "--output", "xml"],
        &["invitation", "show", "ten_00000000000000000000000001", ".."],
        &["user", "token", "usr_00000000000000000000000001", "--lifetime", "soon"],
        &["import", "no-such-file.json"],
        &["app", "list", "--credentials", "a", "--token-file", "b"],
        &["app", "list", "--token-file", "no-such-file"],
        &["app"],
    ];
    for arguments in cases {
        let (code, said, error, requests) = run(vec![Reply::Break], arguments);
        assert_eq!((code, said.as_str(), requests.len()), (2, "", 0), "{arguments:?}: {error}");
    }
}

#[test]
fn without_a_server_credentials_or_a_safe_address_nothing_is_sent() {
    let code = |arguments: &[&str], token: Option<&str>| {
        let mut command = turnkeep(arguments);
        if let Some(token) = token {
            command.env("TURNKEEP_TOKEN", token);
        }
        let output = command.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (exit, error) = code(&["whoami"], Some("t"));
    assert_eq!(exit, 2);
    assert!(error.contains("TURNKEEP_SERVER"), "{error}");
    let (exit, error) = code(&["whoami", "--server", "https://id.example.com"], None);
    assert_eq!(exit, 5);
    assert!(error.contains("TURNKEEP_TOKEN"), "{error}");
    let (exit, error) = code(&["whoami", "--server", "http://192.0.2.1"], Some("t"));
    assert_eq!(exit, 2);
    assert!(error.contains("unencrypted"), "{error}");
    let (exit, _) = code(&["whoami", "--server", "http://127.0.0.1:1"], Some("t"));
    assert_eq!(exit, 6);
    let (exit, error) = code(&["whoami", "--server", "http://127.0.0.1:1"], Some("a\nb"));
    assert_eq!(exit, 5);
    assert!(!error.contains("a\nb"), "{error}");
    for local in ["serve", "demo", "migrate"] {
        let (exit, error) = code(&["--server", "https://id.example.com", local], None);
        assert_eq!(exit, 2, "{local}");
        assert!(error.contains("--server is for commands to a server"), "{error}");
    }
}

#[test]
fn what_is_taken_away_needs_a_yes() {
    let ten = "ten_00000000000000000000000001";
    let cases: [&[&str]; 8] = [
        &["app", "disable", APP],
        &["app", "delete", APP],
        &["secret", "regenerate", APP],
        &["secret", "revoke", APP, "sec_00000000000000000000000001"],
        &["tenant", "suspend", ten],
        &["tenant", "close", ten],
        &["plan", "retire", "pln_00000000000000000000000001"],
        &["member", "remove", ten, "usr_00000000000000000000000001"],
    ];
    for arguments in cases {
        let (code, said, error, requests) = run(vec![Reply::Break], arguments);
        assert_eq!((code, said.as_str(), requests.len()), (8, "", 0), "{arguments:?}: {error}");
        assert!(error.contains("--yes"), "{error}");
    }
}

#[test]
fn on_a_terminal_the_question_names_the_record() {
    let app = json!({"id": APP, "name": "Invoices", "client_id": "tk_1"});
    for (answer, exit, requests) in [("y\n", 0, 2), ("n\n", 8, 1)] {
        let server = ScriptedServer::start(vec![
            scripted_server::json(200, &app),
            scripted_server::json(200, &json!({"id": APP, "enabled": false})),
        ]);
        let command = format!("{} app disable {APP}", env!("CARGO_BIN_EXE_turnkeep"));
        let mut terminal = std::process::Command::new("script")
            .args(["--quiet", "--return", "--command", &command, "/dev/null"])
            .env("TURNKEEP_SERVER", &server.url)
            .env("TURNKEEP_TOKEN", "t")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        terminal.stdin.as_mut().unwrap().write_all(answer.as_bytes()).unwrap();
        let output = terminal.wait_with_output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains(&format!("disable app \"Invoices\" ({APP})? [y/N]")), "{said}");
        assert_eq!((output.status.code(), server.requests().len()), (Some(exit), requests), "{said}");
    }
}

#[test]
fn a_broken_connection_is_tried_once_more_with_the_same_key_where_that_is_safe() {
    let done = || scripted_server::json(200, &json!({"id": APP}));
    let (code, _, _, requests) = run(vec![Reply::Break, done()], &["app", "enable", APP]);
    assert_eq!((code, requests.len()), (0, 2));
    let key = requests[0].header("idempotency-key").unwrap();
    assert_eq!(key.len(), 32);
    assert_eq!(requests[1].header("idempotency-key"), Some(key));
    let half = Reply::Answer(200, "content-length: 99\r\n", "{".to_owned());
    let (code, _, _, requests) = run(vec![half, done()], &["app", "show", APP]);
    assert_eq!((code, requests.len()), (0, 2), "an answer that ends early is none");
    let (code, _, _, requests) = run(vec![Reply::Break, Reply::Break, done()], &["app", "enable", APP]);
    assert_eq!((code, requests.len()), (6, 2), "once");
    let (code, _, _, requests) = run(vec![Reply::Break, done()], &["app", "update", APP, "--name", "B"]);
    assert_eq!((code, requests.len()), (6, 1), "a change without a key may have been made");
    let (_, _, _, other) = run(vec![done()], &["app", "enable", APP]);
    assert_ne!(other[0].header("idempotency-key"), Some(key), "another command, another key");
}

#[test]
fn a_busy_server_is_asked_again_once_when_it_says_so_and_soon() {
    let busy = |retry_after| Reply::Answer(503, retry_after, "{}".to_owned());
    let done = || scripted_server::json(200, &json!({}));
    let cases = [
        (vec![busy("retry-after: 0\r\n"), done()], 0, 2),
        (vec![busy("retry-after: 0\r\n"), busy("retry-after: 0\r\n"), done()], 6, 2),
        (vec![busy("retry-after: 11\r\n"), done()], 6, 1),
        (vec![busy(""), done()], 6, 1),
        (vec![Reply::Answer(429, "retry-after: 0\r\n", String::new()), done()], 0, 2),
    ];
    for (replies, exit, requests) in cases {
        let described = format!("{replies:?}");
        let (code, _, error, asked) = run(replies, &["app", "update", APP, "--name", "B"]);
        assert_eq!((code, asked.len()), (exit, requests), "{described}: {error}");
    }
}

#[test]
fn client_credentials_get_a_token_for_the_api_and_another_when_it_ends() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("operator.json");
    std::fs::write(&file, r#"{"client_id":"tk_1","client_secret":"tkcs_s&cret"}"#).unwrap();
    let file = file.to_str().unwrap();
    let token = |token: &str| scripted_server::json(200, &json!({"access_token": token}));
    let page = |next: Option<&str>| scripted_server::json(200, &json!({"items": [], "next": next}));
    let replies =
        vec![token("one"), page(Some("c")), problem(401, "invalid_token"), token("two"), page(None)];
    let arguments = ["app", "list", "--all", "--credentials", file, "--credentials-instance", "staging"];
    let (code, _, error, requests) = run(replies, &arguments);
    assert_eq!(code, 0, "{error}");
    assert_eq!(requests[0].line, "POST /i/staging/connect/token");
    assert_eq!(
        requests[0].body,
        "grant_type=client_credentials&resource=turnkeep.management&client_id=tk_1&client_secret=tkcs_s%26cret"
    );
    assert_eq!(requests[1].header("authorization"), Some("Bearer one"));
    assert_eq!(requests[4].header("authorization"), Some("Bearer two"));
    let refused = json!({"error": "invalid_client", "error_description": "client authentication failed"});
    let (code, _, error, requests) =
        run(vec![scripted_server::json(401, &refused)], &["whoami", "--credentials", file]);
    assert_eq!((code, requests.len()), (5, 1));
    assert_eq!(error, "turnkeep: not authenticated: client authentication failed\n");
}

#[test]
fn a_redirection_is_not_followed() {
    let away = Reply::Answer(307, "location: http://127.0.0.1:1/\r\n", String::new());
    let (code, _, error, requests) = run(vec![away], &["whoami"]);
    assert_eq!((code, requests.len()), (1, 1), "{error}");
}

//! Lists and records on the screen: for people and for programs.

use serde_json::{Value, json};

use crate::scripted_server::{self, Reply, ScriptedServer, run};

fn page(from: usize, to: usize, next: Option<&str>) -> Reply {
    let items: Vec<Value> =
        (from..to).map(|n| json!({"id": format!("ten_{n}"), "name": format!("n{n}")})).collect();
    scripted_server::json(200, &json!({"items": items, "next": next}))
}

#[test]
fn a_page_is_a_table_with_a_hint_at_what_follows() {
    let (code, said, error, _) = run(vec![page(0, 2, Some("c2"))], &["tenant", "list"]);
    assert_eq!(code, 0);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "ID     NAME  STATE  APP LIMIT  CREATED");
    assert_eq!(lines[1], "ten_0  n0    -      -          -");
    assert_eq!(lines.len(), 3);
    assert_eq!(error, "turnkeep: there is more: --all, or go on with --after c2\n");
}

#[test]
fn json_is_the_answer_as_it_came() {
    let body = "{ \"items\":[{\"id\":\"ten_1\",\"limit\":1.50,\"name\":\"\\u00e9\"}],\"next\":null}";
    let reply = Reply::Answer(200, "", body.to_owned());
    let (_, said, error, _) = run(vec![reply], &["tenant", "list", "--output", "json"]);
    assert_eq!((said, error.as_str()), (format!("{body}\n"), ""));
    let record = "{\"b\":1, \"a\":2}";
    let reply = Reply::Answer(200, "", record.to_owned());
    let arguments = ["tenant", "show", "ten_00000000000000000000000001", "--output", "json"];
    assert_eq!(run(vec![reply], &arguments).1, format!("{record}\n"));
}

#[test]
fn a_removal_without_an_answer_says_that_it_is_done_to_people_only() {
    let gone = || vec![Reply::Answer(204, "", String::new())];
    let arguments = ["app", "delete", "app_00000000000000000000000001", "--yes"];
    assert_eq!(run(gone(), &arguments).1, "deleted app app_00000000000000000000000001\n");
    assert_eq!(run(gone(), &[&arguments[..], &["--output", "json"]].concat()).1, "");
}

#[test]
fn everything_follows_the_cursors_and_tells_programs_one_document() {
    let replies = vec![page(0, 2, Some("c&2")), page(2, 3, None)];
    let (code, said, _, requests) =
        run(replies, &["tenant", "list", "--all", "--sort", "name", "--output", "json"]);
    assert_eq!(code, 0);
    assert_eq!(requests[0].line, "GET /api/v1/tenants?sort=name");
    assert_eq!(requests[1].line, "GET /api/v1/tenants?sort=name&limit=100&after=c%262");
    let document: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(document["items"].as_array().unwrap().len(), 3);
    assert_eq!((document["items"][2]["id"].as_str(), &document["next"]), (Some("ten_2"), &Value::Null));
}

#[test]
fn a_limit_beyond_a_page_takes_several_and_keeps_the_cursor() {
    let replies = vec![page(0, 100, Some("a")), page(100, 150, Some("b")), page(150, 160, None)];
    let (code, said, _, requests) = run(replies, &["tenant", "list", "--limit", "150", "--output", "json"]);
    assert_eq!((code, requests.len()), (0, 2));
    assert_eq!(requests[0].line, "GET /api/v1/tenants?limit=100");
    assert_eq!(requests[1].line, "GET /api/v1/tenants?limit=50&after=a");
    let document: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((document["items"].as_array().unwrap().len(), &document["next"]), (150, &json!("b")));
}

#[test]
fn long_work_says_how_far_it_is() {
    let mut replies: Vec<Reply> = (0..11).map(|n| page(100 * n, 100 * (n + 1), Some("c"))).collect();
    replies.push(page(1100, 1101, None));
    let (code, said, error, _) = run(replies, &["tenant", "list", "--all"]);
    assert_eq!((code, said.lines().count()), (0, 1102));
    assert_eq!(error, "1000 records …\n");
}

#[test]
fn an_answer_of_something_else_is_not_taken_for_a_list() {
    for body in ["<html>", "[]", "{\"items\":{}}"] {
        let reply = Reply::Answer(200, "", body.to_owned());
        let (code, said, error, _) = run(vec![reply], &["tenant", "list"]);
        assert_eq!((code, said.as_str()), (1, ""), "{error}");
    }
}

#[test]
fn an_explanation_is_whole_however_narrow_the_screen() {
    let message = "the app's plan is on hold";
    let advice = "Settle the payment for which the plan was put on hold, then release the app's plan.";
    let explanation = json!({"token_possible": false, "live_secrets": 1, "checks": [
        {"check": "client_authenticated", "state": "not_checked"},
        {"check": "app_has_license_region", "state": "passed", "since": "2026-11-21T10:00:00Z"},
        {"check": "plan_not_on_hold", "state": "denied", "since": "2026-11-21T10:00:00Z", "message": message,
         "advice": advice},
    ]});
    for columns in ["80", "60", "40"] {
        let server = ScriptedServer::start(vec![scripted_server::json(200, &explanation)]);
        let words = ["explain", "app_01m7zedk4ff6593s30gcz01a8q"];
        let output = server.command(&words).env("COLUMNS", columns).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let width: usize = columns.parse().unwrap();
        assert!(said.lines().all(|line| line.chars().count() <= width), "{said}");
        for [check, state] in [
            ["client_authenticated", "not_checked"],
            ["app_has_license_region", "passed"],
            ["plan_not_on_hold", "denied"],
        ] {
            let is_row = |line: &str| line.split_whitespace().take(2).eq([check, state]);
            assert!(said.lines().any(is_row), "{check} at {columns}: {said}");
        }
        let words: Vec<&str> = said.split_whitespace().collect();
        let reason = format!("plan_not_on_hold: {message}. {advice}");
        assert!(words.join(" ").ends_with(&reason), "{columns}: {said}");
    }
}

#[test]
fn a_narrow_screen_keeps_ids_whole_and_says_which_columns_had_no_room() {
    let app = json!({
        "id": "app_01m7zedk4ff6593s30gcz01a8q", "name": "Invoices of the north", "enabled": true,
        "client_id": "tk_p13086fzw8sxj8ve1n3p7z8e", "license_region": "eu-west", "scopes": "read",
    });
    let server =
        ScriptedServer::start(vec![scripted_server::json(200, &json!({"items": [app], "next": null}))]);
    let output = server.command(&["app", "list"]).env("COLUMNS", "80").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (said, error) = (text(output.stdout), text(output.stderr));
    assert_eq!(
        said.lines().nth(1).unwrap(),
        "app_01m7zedk4ff6593s30gcz01a8q  Invoices…   tk_p13086fzw8sxj8ve1n3p7z8e  yes"
    );
    assert_eq!(error, "turnkeep: no room for REGION, SCOPES, WARNINGS; --output json shows all\n");
}

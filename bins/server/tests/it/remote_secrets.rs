//! Secrets that are shown once: on the screen with a warning, or in a file of their own.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::scripted_server::{self, Reply, run};

const APP: &str = "app_00000000000000000000000001";

fn created() -> Reply {
    scripted_server::json(201, &json!({"id": "sec_1", "client_secret": "tkcs_abc", "hint": "abc"}))
}

#[test]
fn people_see_a_secret_with_a_warning_and_programs_the_answer() {
    let arguments = ["secret", "add", APP, "--overlap", "1h"];
    let (code, said, error, _) = run(vec![created()], &arguments);
    assert_eq!(code, 0);
    assert!(said.contains("client_secret  tkcs_abc"), "{said}");
    assert!(error.contains("shown only now"), "{error}");
    let (_, said, error, _) = run(vec![created()], &[&arguments[..], &["--output", "json"]].concat());
    let answer: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((answer["client_secret"].as_str(), error.as_str()), (Some("tkcs_abc"), ""));
}

#[test]
fn a_secret_in_a_file_is_nowhere_else() {
    let folder = tempdir().unwrap();
    for format in ["table", "json"] {
        let path = folder.path().join(format);
        let out = path.to_str().unwrap();
        let arguments = ["secret", "add", APP, "--overlap", "1h", "--secret-out", out, "--output", format];
        let (code, said, error, _) = run(vec![created()], &arguments);
        assert_eq!(code, 0, "{error}");
        assert!(!said.contains("tkcs_abc") && !error.contains("tkcs_abc"), "{said} {error}");
        assert!(said.contains("sec_1"), "{said}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "tkcs_abc\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let (code, _, error, requests) = run(vec![created()], &arguments);
        assert_eq!((code, requests.len()), (2, 0), "no secret without a place for it: {error}");
    }
}

#[test]
fn a_refusal_leaves_no_file_behind() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("secret");
    let out = path.to_str().unwrap();
    let refused = scripted_server::json(409, &json!({"code": "public_client"}));
    let (code, _, _, _) = run(vec![refused], &["secret", "regenerate", APP, "--yes", "--secret-out", out]);
    assert_eq!(code, 3);
    assert!(!path.exists());
}

#[test]
fn a_secret_whose_answer_was_lost_is_told_as_lost() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("secret");
    let out = path.to_str().unwrap();
    let replayed = scripted_server::json(
        201,
        &json!({"id": "sec_1", "client_secret": null, "client_secret_withheld": true}),
    );
    let (code, said, error, requests) =
        run(vec![Reply::Break, replayed], &["secret", "regenerate", APP, "--yes", "--secret-out", out]);
    assert_eq!((code, requests.len()), (1, 2));
    assert!(said.contains("sec_1"), "{said}");
    assert!(error.contains("make a new secret"), "{error}");
    assert!(!path.exists());
}

#[test]
fn tokens_and_invitations_are_secrets_too() {
    let answer = || vec![scripted_server::json(201, &json!({"id": "x_1", "token": "tk_hidden"}))];
    let folder = tempdir().unwrap();
    let cases: [&[&str]; 3] = [
        &["user", "token", "usr_00000000000000000000000001"],
        &["invitation", "create", "ten_00000000000000000000000001", "--user-name", "ada", "--role", "admin"],
        &["invitation", "resend", "ten_00000000000000000000000001", "inv_1"],
    ];
    for (index, arguments) in cases.into_iter().enumerate() {
        let (_, _, error, _) = run(answer(), arguments);
        assert!(error.contains("shown only now"), "{arguments:?}: {error}");
        let path = folder.path().join(index.to_string());
        let (code, said, _, _) =
            run(answer(), &[arguments, &["--secret-out", path.to_str().unwrap()]].concat());
        assert_eq!((code, said.contains("tk_hidden")), (0, false), "{arguments:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "tk_hidden\n");
    }
}

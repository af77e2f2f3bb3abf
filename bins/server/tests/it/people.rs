//! The commands that let people in: `user set-password`, `user link`, `operator link`. On the server's own files.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::process::{Demo, refusal, run};
use crate::wire::Management;

fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A stopped server with the user `ada`; its data.
fn stopped(folder: &Path) -> String {
    let demo = Demo::start(folder);
    let ada = json!({ "kind": "internal", "name": "ada", "display_name": "Ada" });
    assert_eq!(Management::of(&demo).post("/users", &ada).status, 201);
    demo.server.stop();
    folder.join("data").to_str().unwrap().to_owned()
}

#[test]
fn a_password_comes_from_a_file_and_is_judged() {
    let folder = tempdir().unwrap();
    let data = stopped(folder.path());
    let file = folder.path().join("new.password");
    let file = file.to_str().unwrap();
    let set = ["user", "set-password", "ada", "--password-file", file, "--data", &data];
    fs::write(file, "violet tractor sings\n").unwrap();
    said(&set);
    let refused = refusal(&["user", "set-password", "nobody", "--password-file", file, "--data", &data]);
    assert!(refused.contains("there is no such thing"), "{refused}");
    fs::write(file, "five-wits\n").unwrap();
    let refused = refusal(&set);
    assert!(refused.contains("at least 15 characters") && !refused.contains("five-wits"), "{refused}");
    // Nobody is there to be asked.
    let refused = refusal(&["user", "set-password", "ada", "--data", &data]);
    assert!(refused.contains("--password-file"), "{refused}");
}

#[test]
fn links_lead_to_the_server_that_the_settings_name() {
    let folder = tempdir().unwrap();
    let data = stopped(folder.path());
    let base_url = "https://id.example.com";
    let link = said(&["user", "link", "ada", "--data", &data, "--base-url", base_url]);
    assert!(link.starts_with("https://id.example.com/account/link?token=tkal_"), "{link}");
    assert_eq!(link.lines().count(), 1);
    let operator = ["operator", "link", "--data", &data, "--base-url", base_url, "--output", "json"];
    let made: Value = serde_json::from_str(&said(&operator)).unwrap();
    let url = made["url"].as_str().unwrap();
    assert!(url.starts_with("https://id.example.com/account/link?token=tkal_"), "{url}");
    assert!(made["expires_at"].is_string());
    let refused = refusal(&["user", "link", "nobody", "--data", &data]);
    assert!(refused.contains("there is no such thing"), "{refused}");
}

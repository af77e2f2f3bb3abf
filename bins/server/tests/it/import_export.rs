//! Whole registries from one server to another, and from other systems.

use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use crate::process::{Demo, turnkeep};
use crate::wire::Client;

const KEYCLOAK: &str = include_str!("../../../../crates/exchange/tests/it/samples/keycloak_realm.json");
const HYDRA: &str = include_str!("../../../../crates/exchange/tests/it/samples/hydra_clients.json");
const CSV: &str = include_str!("../../../../crates/exchange/tests/it/samples/trusted_applications.csv");

/// A server, and a folder for what goes in and comes out.
struct Site {
    demo: Demo,
    folder: TempDir,
}

impl Site {
    fn new() -> Self {
        let folder = tempdir().unwrap();
        let demo = Demo::start(folder.path());
        std::fs::write(folder.path().join("operator.json"), demo.facts["operator"].to_string()).unwrap();
        Self { demo, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, text: &str) -> String {
        std::fs::write(self.folder.path().join(name), text).unwrap();
        self.path(name)
    }

    /// At the running server.
    fn at_server(&self, words: &[&str]) -> Output {
        let credentials = self.path("operator.json");
        let server = ["--server", &self.demo.server.base_url, "--credentials", &credentials];
        turnkeep(words).args(server).output().unwrap()
    }

    fn import(&self, words: &[&str]) -> Value {
        said_json(&self.at_server(&[&["import", "--yes", "--output", "json"], words].concat()), 0)
    }

    fn token(&self, client_id: &str, secret: &str) -> u16 {
        Client::of(&self.demo, "app").with_id(client_id).with_secret(secret).request_token().status
    }
}

/// On the files of a server that does not run.
fn on_files(folder: &Path, words: &[&str]) -> Output {
    turnkeep(words).arg("--data").arg(folder).output().unwrap()
}

#[track_caller]
fn said(output: &Output, code: i32) -> String {
    let shown = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert_eq!(output.status.code(), Some(code), "{}{}", shown[0], shown[1]);
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[track_caller]
fn said_json(output: &Output, code: i32) -> Value {
    serde_json::from_str(&said(output, code)).unwrap()
}

#[test]
fn a_registry_moves_to_another_server_and_its_apps_go_on() {
    let (from, to) = (Site::new(), Site::new());
    let plain = said(&from.at_server(&["export"]), 0);
    assert!(!plain.contains("$scrypt$"));
    let out = from.path("registry.json");
    said(&from.at_server(&["export", "--include-hashes", "--out", &out]), 0);
    let exported = std::fs::read_to_string(&out).unwrap();
    assert!(exported.contains("$scrypt$"));
    assert_eq!(said(&from.at_server(&["export", "--out", &out]), 2), "", "a file is not overwritten");
    let other = from.demo.text("/app/client_id");
    assert_ne!(to.token(&other, &from.demo.text("/app/client_secret")), 200);
    // Both are demos: the tenant has an app of that name, on the plan of which it may have one.
    let moved = exported.replace("\"name\": \"demo", "\"name\": \"moved").replace("\"Demo", "\"Moved");
    let moved = to.file("moved.json", &moved);
    let tried = to.import(&[&moved, "--dry-run"]);
    assert_eq!((&tried["applied"], &tried["refused"]), (&json!(false), &json!(0)), "{tried}");
    assert_ne!(to.token(&other, &from.demo.text("/app/client_secret")), 200);
    let done = to.import(&[&moved]);
    assert_eq!(done["created"], tried["created"]);
    assert_eq!(to.token(&other, &from.demo.text("/app/client_secret")), 200);
    let table = said(&to.at_server(&["import", &moved, "--yes"]), 0);
    assert!(table.starts_with("created 0, updated 0, unchanged "), "{table}");
}

#[test]
fn a_reader_that_has_enough_ends_an_export_quietly() {
    let site = Site::new();
    let (credentials, data) = (site.path("operator.json"), site.folder.path().join("data"));
    let mut at_server = turnkeep(&["export", "--server", &site.demo.server.base_url]);
    at_server.args(["--credentials", &credentials]);
    let mut on_files = turnkeep(&["export", "--data"]);
    on_files.arg(&data);
    let mut trail = turnkeep(&["audit", "export", "--data"]);
    trail.arg(&data);
    let mut list = turnkeep(&["app", "list", "--server", &site.demo.server.base_url]);
    list.args(["--credentials", &credentials]);
    for command in [&mut at_server, &mut on_files, &mut trail, &mut list] {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{command:?}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{command:?}");
    }
}

#[test]
fn apps_with_hashes_of_bcrypt_and_argon2_get_tokens() {
    let site = Site::new();
    let hashes = [
        ("com.old/bcrypt", "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"),
        (
            "com.old/argon2",
            "$argon2id$v=19$m=64,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$Sh1LF6dsajp2YjljvL/T0Tk68lSWQP232iGGbb+Qa5Y",
        ),
    ];
    let apps: Vec<Value> = hashes
        .iter()
        .map(|(client_id, hash)| {
            json!({
                "client_id": client_id, "tenant": "Old", "client_type": "confidential",
                "license_region": "eu-west", "service_access": {"as": "app"}, "scopes": "read",
                "secrets": [{"hash": hash}],
            })
        })
        .collect();
    let tenants = json!([{"name": "Old", "state": "active"}]);
    let document = json!({"turnkeep": 1, "tenants": tenants, "apps": apps}).to_string();
    assert_eq!(site.import(&[&site.file("old.json", &document)])["created"], 3);
    for (client_id, _) in hashes {
        assert_eq!(site.token(client_id, "wrong"), 401, "{client_id}");
        // The second time it is checked against a hash of our own.
        for _ in 0..2 {
            assert_eq!(site.token(client_id, "correct horse"), 200, "{client_id}");
        }
    }
    let out = site.path("hashes.json");
    said(&site.at_server(&["export", "--include-hashes", "--out", &out]), 0);
    let exported = std::fs::read_to_string(&out).unwrap();
    assert!(!exported.contains("$2b$") && !exported.contains("$argon2id$"));
}

#[test]
fn an_import_again_leaves_a_disabled_app_disabled() {
    let site = Site::new();
    let client = r#"{"client_id":"reports","grant_types":["client_credentials"],"scope":"read","client_secret":"a secret"}"#;
    let file = site.file("clients.json", client);
    let words = [&file, "--format", "hydra", "--tenant", "Demo", "--region", "eu-west"];
    assert_eq!(site.import(&words)["created"], 1);
    assert_eq!(site.token("reports", "a secret"), 200);
    let disabled = json!({"turnkeep": 1, "apps": [
        {"client_id": "reports", "client_type": "confidential", "enabled": false},
    ]});
    assert_eq!(site.import(&[&site.file("stop.json", &disabled.to_string())])["updated"], 1);
    assert_eq!(site.import(&words)["unchanged"], 1);
    assert_eq!(site.token("reports", "a secret"), 401);
}

#[test]
fn a_file_that_names_no_secret_leaves_the_one_that_an_app_has_and_makes_no_app_without_one() {
    let site = Site::new();
    let header = "ApplicationUri,ClientType,IsEnabled";
    let hash = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    let first = format!(
        "ApplicationUri,ClientType,ApplicationSecretHash,Scope\ncom.old/a,Confidential,{hash},read\n"
    );
    let home = ["--format", "csv", "--tenant", "Demo", "--region", "eu-west"];
    let import = |name: &str, text: &str| {
        let file = site.file(name, text);
        site.at_server(&[&["import", &file, "--yes", "--output", "json"], &home[..]].concat())
    };
    assert_eq!(said_json(&import("first.csv", &first), 0)["created"], 1);
    let again = said_json(&import("again.csv", "ApplicationUri,ClientType\ncom.old/a,Confidential\n"), 0);
    assert_eq!(again["unchanged"], 1, "{again}");
    let stopped = import("stop.csv", &format!("{header}\ncom.old/a,Confidential,false\n"));
    assert_eq!(said_json(&stopped, 0)["updated"], 1);
    let new = said_json(&import("new.csv", &format!("{header}\ncom.old/b,Confidential,true\n")), 3);
    assert_eq!((&new["refused"], &new["applied"]), (&1.into(), &false.into()));
    assert_eq!(new["records"][0]["errors"][0]["code"], "no_secret", "{new}");
}

#[test]
fn without_a_server_the_same_is_done_on_the_database() {
    let (from, to) = (Site::new(), Site::new());
    let data = |site: &Site| site.folder.path().join("data");
    let exported = said(&on_files(&data(&from), &["export", "--include-hashes"]), 0);
    let again = from.file("again.json", &exported);
    let table = said(&on_files(&data(&from), &["import", &again, "--dry-run"]), 0);
    assert!(table.contains("created 0, updated 0") && table.contains("(dry run"), "{table}");
    let users = json!({"turnkeep": 1, "users": [{"name": "ada", "kind": "internal", "display_name": "Ada"}]});
    let users = to.file("users.json", &users.to_string());
    let report = said_json(&on_files(&data(&to), &["import", &users, "--yes", "--output", "json"]), 0);
    assert_eq!((&report["applied"], &report["created"]), (&json!(true), &json!(1)));
    let whole: Value = serde_json::from_str(&said(&on_files(&data(&to), &["export"]), 0)).unwrap();
    assert!(whole["users"].as_array().unwrap().iter().any(|user| user["name"] == "ada"));
}

#[test]
fn what_is_refused_is_shown_and_the_rest_waits_for_keep_going() {
    let site = Site::new();
    for (name, format, text, reason) in [
        ("realm.json", "keycloak", KEYCLOAK, "has to be exported in the clear"),
        ("clients.json", "hydra", HYDRA, "only authentication with a secret can be taken over"),
        ("records.csv", "csv", "ApplicationUri,ClientType\nnew,Confidential\n", "could never authenticate"),
    ] {
        let file = site.file(name, text);
        let home = ["--format", format, "--tenant", "Demo", "--region", "eu-west"];
        let output = site.at_server(&[&["import", &file, "--yes"], &home[..]].concat());
        let table = said(&output, 3);
        assert!(table.contains(reason) && table.contains("(not imported)"), "{table}");
    }
    let file = site.file("broken.csv", "ApplicationUri;ClientType\n");
    let output = site.at_server(&["import", &file, "--format", "csv"]);
    assert_eq!(said(&output, 2), "");
    let output = site.at_server(&["import", &file, "--format", "xml"]);
    assert_eq!(said(&output, 2), "");
}

#[test]
fn a_dry_run_of_a_long_file_knows_what_its_own_earlier_records_will_be() {
    let site = Site::new();
    let tenants: Vec<Value> = (0..300).map(|number| json!({"name": format!("Tenant {number}")})).collect();
    let apps: Vec<Value> = (0..600)
        .map(|number| {
            json!({
                "client_id": format!("com.old/{number}"), "name": format!("App {number}"),
                "client_type": "public", "tenant": format!("Tenant {}", number % 300),
                "license_region": "eu-west",
            })
        })
        .collect();
    let file = site.file("long.json", &json!({"turnkeep": 1, "tenants": tenants, "apps": apps}).to_string());
    let counts = |report: &Value| {
        ["created", "updated", "unchanged", "refused"].map(|name| report[name].as_u64().unwrap())
    };
    assert_eq!(counts(&site.import(&[&file, "--dry-run"])), [900, 0, 0, 0]);
    assert_eq!(counts(&site.import(&[&file])), [900, 0, 0, 0]);
    assert_eq!(counts(&site.import(&[&file, "--dry-run"])), [0, 0, 900, 0]);
}

#[test]
fn each_foreign_format_ends_in_apps_with_their_old_secrets() {
    let site = Site::new();
    let scope = |name: &str| json!({"name": name});
    let audience = "https://api.example";
    let before = json!({
        "turnkeep": 1,
        "resources": [{"audience": audience, "name": "API", "scopes": [
            scope("invoices.read"), scope("invoices.write"), scope("reports.read"), scope("reports.write"),
        ]}],
        "users": [
            {"name": "svc-inventory", "kind": "system", "display_name": "Inventory"},
            {"name": "svc-hybrid", "kind": "system", "display_name": "Hybrid"},
        ],
        "regions": [{"code": "eu", "name": "EU", "databases": [{"db_code": "EU9", "capacity": 100}]}],
        "tenants": [{"name": "Old", "state": "active", "app_limit": 100}],
    });
    site.import(&[&site.file("before.json", &before.to_string())]);
    for (name, format, text, created) in [
        ("realm.json", "keycloak", KEYCLOAK, 3),
        ("clients.json", "hydra", HYDRA, 4),
        ("records.csv", "csv", CSV, 4),
    ] {
        let file = site.file(name, text);
        let words =
            ["import", &file, "--format", format, "--tenant", "Old", "--region", "eu", "--output", "json"];
        let code = if format == "csv" { 0 } else { 3 };
        let report = said_json(&site.at_server(&[&words[..], &["--keep-going", "--yes"]].concat()), code);
        assert_eq!(report["created"], created, "{format}: {report}");
    }
    for (client_id, secret) in [
        ("nightly-sync", "Zt8uWm1xPz5vRn7cLb2sHf9aEGk3qYd0"),
        ("d1f9a5c0-9c5e-4e0f-9a67-3a2b1c0d4e5f", "correct horse"),
        ("from-file", "plain-secret-of-the-file"),
        ("com.vendor/sync", "abc"),
    ] {
        assert_eq!(site.token(client_id, secret), 200, "{client_id}");
        assert_eq!(site.token(client_id, "wrong"), 401, "{client_id}");
    }
}

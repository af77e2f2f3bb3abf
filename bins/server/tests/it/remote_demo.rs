//! The command line against the real server.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::process::{Demo, turnkeep};
use crate::wire::Client;

struct Stage {
    demo: Demo,
    folder: TempDir,
    credentials: PathBuf,
}

impl Stage {
    fn new() -> Self {
        let folder = tempdir().unwrap();
        let demo = Demo::start(folder.path());
        let credentials = folder.path().join("operator.json");
        std::fs::write(&credentials, demo.facts["operator"].to_string()).unwrap();
        Self { demo, folder, credentials }
    }

    fn run_with(&self, credentials: &Path, words: &str) -> Output {
        let mut command = turnkeep(&words.split(' ').collect::<Vec<_>>());
        command.arg("--server").arg(&self.demo.server.base_url).arg("--credentials").arg(credentials);
        command.output().unwrap()
    }

    /// What a command says that has to succeed.
    fn said(&self, words: &str) -> String {
        let output = self.run_with(&self.credentials, words);
        assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, words: &str) -> Value {
        serde_json::from_str(&self.said(&format!("{words} --output json"))).unwrap()
    }

    fn id(&self, words: &str) -> String {
        self.json(words)["id"].as_str().unwrap().to_owned()
    }

    /// Exit code and standard error.
    fn refused(&self, words: &str) -> (i32, String) {
        let output = self.run_with(&self.credentials, words);
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

#[test]
fn an_app_from_its_tenant_to_its_end() {
    let stage = Stage::new();
    let tenant = stage.id("tenant create --name Acme --app-limit 2");
    assert_eq!(stage.json(&format!("tenant activate {tenant}"))["state"], "active");
    let file = stage.folder.path().join("secret");
    let out = file.to_str().unwrap();
    let created = stage.json(&format!(
        "app create --tenant {tenant} --name Invoices --region eu-west --domain app.example.com --secret-out {out}"
    ));
    let (app, client_id) = (created["id"].as_str().unwrap(), created["client_id"].as_str().unwrap());
    assert_eq!(
        (created["allowed_domain_1"].as_str(), &created["client_secret"]),
        (Some("app.example.com"), &Value::Null)
    );
    let secret = std::fs::read_to_string(&file).unwrap();
    let credentials = stage.folder.path().join("app.json");
    let write = |secret: &str| {
        let json = serde_json::json!({ "client_id": client_id, "client_secret": secret.trim() });
        std::fs::write(&credentials, json.to_string()).unwrap();
    };
    write(&secret);
    let as_app = stage.run_with(&credentials, "app list");
    assert_eq!(as_app.status.code(), Some(5), "the app may not have tokens for the API");

    let listed = stage.said(&format!("app list --tenant {tenant}"));
    assert!(listed.lines().nth(1).unwrap().starts_with(&format!("{app}  Invoices  {client_id}")), "{listed}");
    assert_eq!(stage.json(&format!("app update {app} --token-lifetime 5m"))["token_lifetime_seconds"], 300);
    let (code, error) = stage.refused(&format!("app update {app} --name Other --if-version 1"));
    assert_eq!(code, 7, "{error}");
    assert_eq!(stage.json(&format!("app disable {app} --yes"))["enabled"], false);
    let explained = stage.said(&format!("explain {app}"));
    assert!(
        explained.contains("token possible: no") && explained.contains("the app is disabled"),
        "{explained}"
    );
    stage.said(&format!("app enable {app}"));

    stage.said(&format!("secret add {app} --overlap 1h --output json"));
    assert_eq!(stage.json(&format!("secret list {app}"))["items"].as_array().unwrap().len(), 2);
    stage.said(&format!("secret regenerate {app} --yes"));
    assert_eq!(stage.said(&format!("app delete {app} --yes")), format!("deleted app {app}\n"));
    assert_eq!(stage.refused(&format!("app show {app}")).0, 4);
}

#[test]
fn the_registry_is_made_and_changed() {
    let stage = Stage::new();
    let region = stage.id("region create --code us-east --name US");
    let database = stage.id(&format!("region database add {region} --db-code US1 --capacity 10"));
    assert_eq!(
        stage.json(&format!("region database update {region} {database} --capacity 20"))["capacity"],
        20
    );
    stage.said(&format!("region deactivate {region}"));
    let plan = stage.id("plan create --code team --name Team --per-month 500 --feature ocr=true");
    assert_eq!(stage.json(&format!("plan activate {plan}"))["limits"]["features"]["ocr"], true);
    let app = stage.demo.text("/app/id");
    assert_eq!(stage.json(&format!("app plan set {app} {plan}"))["plan"]["plan_id"], plan.as_str());
    stage.said(&format!("app plan hold {app} --yes"));
    assert_eq!(Client::of(&stage.demo, "app").request_token().status, 400);
    stage.said(&format!("app plan release {app}"));
    let resource = stage.id("resource create --audience Invoices.API --name Invoices");
    stage.said(&format!("resource scope add {resource} invoices.read --grant any_app"));
    assert!(stage.said(&format!("resource scope list {resource}")).contains("invoices.read  any_app"));
    stage.said(&format!("resource server add {resource} {app}"));
    stage.said(&format!("resource server remove {resource} {app} --yes"));
    assert_eq!(
        stage.said(&format!("resource scope delete {resource} invoices.read --yes")),
        format!("deleted scope invoices.read of resource {resource}\n")
    );
    let user = stage.id("user create --kind system --name robot --display-name Robot");
    assert_eq!(stage.json(&format!("user disable {user} --yes"))["state"], "disabled");
    stage.said("instance create --slug staging --name Staging");
    assert_eq!(stage.json("--instance staging tenant list")["items"][0]["name"], Value::Null);
    for list in ["tenant", "app", "user", "plan", "region", "resource", "instance"] {
        let said = stage.said(&format!("{list} list --all"));
        assert!(said.starts_with("ID "), "{list}: {said}");
    }
}

#[test]
fn every_list_is_narrowed_and_ordered() {
    let stage = Stage::new();
    let region = stage.id("region create --code us-east --name US");
    stage.said(&format!("region database add {region} --db-code US1 --capacity 10"));
    stage.said(&format!("region deactivate {region}"));
    stage.said("plan create --code team --name Team");
    let (app, tenant) = (stage.demo.text("/app/id"), stage.demo.text("/tenant/id"));
    let resource = stage.id("resource create --audience Invoices.API --name Invoices --signing-alg EdDSA");
    stage.said(&format!("resource scope add {resource} invoices.read --grant any_app"));
    stage.said(&format!("resource server add {resource} {app}"));
    let user = stage.id("user create --kind internal --name ada --display-name Ada");
    stage.said(&format!("operator add {user}"));
    stage.said("instance create --slug staging --name Staging");
    for (words, member, expected) in [
        ("instance list --search STAG --state active".to_owned(), "slug", vec!["staging"]),
        ("instance list --state disabled".to_owned(), "slug", vec![]),
        ("operator list --search ad --user-state active".to_owned(), "user_name", vec!["ada"]),
        ("operator list --user-state disabled".to_owned(), "user_name", vec![]),
        ("region list --state inactive --search us".to_owned(), "code", vec!["us-east"]),
        (format!("region database list {region} --search us --state active"), "db_code", vec!["US1"]),
        (format!("region database list {region} --state inactive"), "db_code", vec![]),
        ("plan list --state draft --free false --search team".to_owned(), "code", vec!["team"]),
        ("plan list --state draft --free true".to_owned(), "code", vec![]),
        ("resource list --signing-alg EdDSA --search invoices".to_owned(), "audience", vec!["Invoices.API"]),
        (
            format!("resource scope list {resource} --search INV --grant any_app"),
            "name",
            vec!["invoices.read"],
        ),
        (format!("resource scope list {resource} --grant reserved"), "name", vec![]),
        (format!("resource server list {resource} --app {app}"), "app_id", vec![&*app]),
        (format!("resource server list {resource} --app app_00000000000000000000000001"), "app_id", vec![]),
        (format!("secret list {app} --state live"), "state", vec!["live"]),
        (format!("secret list {app} --state revoked"), "state", vec![]),
        (format!("review --tenant {tenant} --finding no_owner --sort -name"), "app_id", vec![&*app]),
        (format!("review --tenant {tenant} --finding secret_old"), "app_id", vec![]),
    ] {
        let page = stage.json(&words);
        let shown: Vec<&str> =
            page["items"].as_array().unwrap().iter().map(|item| item[member].as_str().unwrap()).collect();
        assert_eq!(shown, expected, "{words}");
    }
}

#[test]
fn refusals_name_the_fields_and_credentials_stay_secret() {
    let stage = Stage::new();
    let tenant = stage.demo.text("/tenant/id");
    let (code, error) = stage.refused(&format!("app create --tenant {tenant} --name  --region nowhere"));
    assert_eq!(code, 3);
    assert!(error.contains("  name: must not be empty"), "{error}");
    assert_eq!(stage.refused("tenant show ten_00000000000000000000000001").0, 4);
    let wrong = stage.folder.path().join("wrong.json");
    std::fs::write(&wrong, r#"{"client_id":"tk_none","client_secret":"tkcs_hunter2"}"#).unwrap();
    let output = stage.run_with(&wrong, "tenant list");
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert!(error.contains("client authentication failed") && !error.contains("hunter2"), "{error}");
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = turnkeep(&["completions", shell]).output().unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && script.contains("regenerate"), "{shell}");
    }
}

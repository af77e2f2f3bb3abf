//! `turnkeep demo`, as a newcomer meets it.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::Value;
use tempfile::tempdir;
use turnkeep_testkit::postgres::PostgresCluster;

use crate::process::{Demo, Server, refusal, turnkeep};
use crate::wire::{Client, Management, claims, get};

#[test]
fn the_facts_have_the_promised_shape_and_are_for_their_owner_only() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    for pointer in [
        "/base_url",
        "/issuer",
        "/operator/client_id",
        "/operator/client_secret",
        "/app/id",
        "/app/client_id",
        "/app/client_secret",
        "/tenant/id",
        "/region/id",
        "/region/db_code",
        "/plans/free",
        "/plans/pro",
    ] {
        assert!(demo.facts.pointer(pointer).is_some_and(Value::is_string), "{pointer} in {}", demo.facts);
    }
    for file in ["facts.json", "data/master.key", "data/demo.json", "data/turnkeep.db"] {
        let mode = std::fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn the_printed_commands_work_when_pasted() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let commands: Vec<&str> = demo
        .server
        .said
        .iter()
        .map(String::as_str)
        .skip_while(|line| !line.starts_with("# 1."))
        .filter(|line| !line.starts_with('#') && !line.is_empty() && !line.starts_with("Stop"))
        .collect();
    assert_eq!(commands.len(), 3, "{commands:#?}");
    let output = Command::new("sh").arg("-c").arg(commands.join("\n")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines();
    let looked_into: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    assert_eq!(looked_into["app_id"], demo.facts["app"]["id"]);
    let introspected: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    assert_eq!(introspected["active"], true);
}

#[test]
fn the_token_says_what_the_seeds_promise() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let claims = claims(&Client::of(&demo, "app").token());
    assert_eq!(claims["iss"], demo.facts["issuer"]);
    assert_eq!(claims["aud"], "TrueParser.API");
    assert_eq!(claims["sub"], demo.facts["app"]["client_id"]);
    assert_eq!(claims["client_id"], demo.facts["app"]["client_id"]);
    assert_eq!(claims["tenant_id"], demo.facts["tenant"]["id"]);
    assert_eq!(claims["license_region"], "eu-west");
    assert_eq!(claims["db_code"], demo.facts["region"]["db_code"]);
    assert_eq!(claims["allowed_domain_1"], "myapp.com");
    assert_eq!(claims["allowed_domain_3"], "localhost:3000");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
    assert_eq!(claims["limits"]["plan"], "pro");
    assert_eq!(claims["limits"]["document_units"]["hour"], 100);
    assert_eq!(claims["limits"], claims["entitlements"]);
}

#[test]
fn a_second_demo_goes_on_with_the_first_ones_records_and_credentials() {
    let folder = tempdir().unwrap();
    let first = Demo::start(folder.path());
    let before = first.facts.clone();
    first.server.stop();
    let second = Demo::start(folder.path());
    for part in ["operator", "app", "tenant", "region", "plans"] {
        assert_eq!(second.facts[part], before[part], "{part}");
    }
    Client::of(&second, "app").token();
}

#[test]
fn a_demo_whose_secret_was_regenerated_prints_one_that_works() {
    let folder = tempdir().unwrap();
    let first = Demo::start(folder.path());
    let app = first.text("/app/id");
    assert_eq!(Management::of(&first).act(&format!("/apps/{app}/secrets/regenerate")).status, 201);
    assert_eq!(Client::of(&first, "app").request_token().status, 401);
    first.server.stop();
    let second = Demo::start(folder.path());
    Client::of(&second, "app").token();
}

#[test]
fn the_demo_runs_on_postgresql_too() {
    let folder = tempdir().unwrap();
    let database = PostgresCluster::shared().unwrap().new_database().unwrap();
    let demo = Demo::start_with(folder.path(), &["--database", database.url()]);
    let token = Client::of(&demo, "app").token();
    assert_eq!(Client::of(&demo, "app").introspect(&token)["active"], true);
    assert!(!folder.path().join("data/turnkeep.db").exists());
    demo.server.stop();
    let second = Demo::start_with(folder.path(), &["--database", database.url()]);
    Client::of(&second, "app").token();
}

#[test]
fn metadata_and_key_set_name_the_address_that_was_listened_on() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let base_url = &demo.server.base_url;
    for document in ["openid-configuration", "oauth-authorization-server"] {
        let answer = get(&format!("{base_url}/.well-known/{document}"));
        assert_eq!(answer.body["issuer"], *base_url, "{document}");
        assert_eq!(answer.body["jwks_uri"], format!("{base_url}/.well-known/jwks.json"));
    }
    assert_eq!(get(&format!("{base_url}/health/ready")).status, 200);
}

#[test]
fn the_demo_goes_by_a_name_that_leads_nowhere_else() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    let port = demo.server.base_url.strip_prefix("http://localhost:").unwrap();
    assert_eq!(demo.facts["issuer"], demo.server.base_url);
    // What browsers make of the name, where the system has both.
    let has_both = TcpListener::bind("[::1]:0").is_ok();
    for host in [Some("localhost"), Some("127.0.0.1"), has_both.then_some("[::1]")].into_iter().flatten() {
        assert_eq!(get(&format!("http://{host}:{port}/health/live")).status, 200, "{host}");
    }
    // No name leads to this one.
    let data = folder.path().join("elsewhere");
    let arguments = ["demo", "--listen", "127.0.0.2:0", "--data", data.to_str().unwrap()];
    let elsewhere = Server::start(&mut turnkeep(&arguments));
    assert!(elsewhere.base_url.starts_with("http://127.0.0.2:"), "{}", elsewhere.base_url);
}

#[test]
fn the_demo_does_not_share_its_name_with_another_server() {
    let Ok(other) = TcpListener::bind("[::1]:0") else { return };
    let folder = tempdir().unwrap();
    let port = other.local_addr().unwrap().port();
    let (listen, data) = (format!("127.0.0.1:{port}"), folder.path().join("data"));
    let error = refusal(&["demo", "--listen", &listen, "--data", data.to_str().unwrap()]);
    assert!(error.contains(&format!("cannot listen on [::1]:{port}")), "{error}");
    assert!(!data.exists());
}

#[test]
fn a_demo_whose_app_was_stopped_says_so_and_one_whose_app_is_gone_makes_another() {
    let folder = tempdir().unwrap();
    let first = Demo::start(folder.path());
    let app = first.text("/app/id");
    let plan = first.text("/plans/pro");
    assert_eq!(Management::of(&first).act(&format!("/plans/{plan}/retire")).status, 200);
    first.server.stop();
    let second = Demo::start(folder.path());
    assert!(
        second
            .server
            .said
            .iter()
            .any(|line| line.contains("no token at the moment: the app's plan is retired"))
    );
    assert_eq!(Client::of(&second, "app").request_token().status, 400);
    assert_eq!(Management::of(&second).delete(&format!("/apps/{app}")).status, 204);
    second.server.stop();
    let third = Demo::start(folder.path());
    assert_ne!(third.text("/app/id"), app);
    Client::of(&third, "app").token();
}

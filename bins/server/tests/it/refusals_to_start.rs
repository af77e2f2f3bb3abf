//! What is wrong is said in one line before anything is made.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::{TempDir, tempdir};

use crate::process::{Demo, refusal, refusal_of, run, turnkeep};

fn with_master_key() -> TempDir {
    let folder = tempdir().unwrap();
    let key = folder.path().join("master.key");
    assert!(run(&["keys", "new-master-key", "--out", key.to_str().unwrap()]).status.success());
    folder
}

fn serve(folder: &Path, more: &[&str]) -> String {
    let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--data", folder.to_str().unwrap()];
    arguments.extend(more);
    refusal(&arguments)
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_missing_master_key() {
    let folder = tempdir().unwrap();
    let error = serve(folder.path(), &[]);
    assert!(
        error.contains("there is no master key at") && error.contains("turnkeep keys new-master-key"),
        "{error}"
    );
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_master_key_that_others_can_read() {
    let folder = with_master_key();
    let key = folder.path().join("master.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let error = serve(folder.path(), &[]);
    assert!(error.contains("can be read by others") && error.contains("chmod 600"), "{error}");
    assert_eq!(files(folder.path()), ["master.key"]);
}

#[test]
fn a_master_key_that_is_none() {
    let folder = with_master_key();
    let key = folder.path().join("master.key");
    fs::write(&key, "# a comment\nnot-a-key-at-all\n").unwrap();
    let error = serve(folder.path(), &[]);
    assert!(error.contains("line 2") && !error.contains("not-a-key-at-all"), "{error}");
    assert_eq!(files(folder.path()), ["master.key"]);
}

#[test]
fn a_master_key_that_is_a_folder() {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("master.key")).unwrap();
    fs::set_permissions(folder.path().join("master.key"), fs::Permissions::from_mode(0o700)).unwrap();
    let error = serve(folder.path(), &[]);
    assert!(error.contains("cannot read the master key"), "{error}");
}

#[test]
fn the_master_key_of_another_database() {
    let folder = tempdir().unwrap();
    Demo::start(folder.path()).server.stop();
    let other = with_master_key();
    let key = other.path().join("master.key");
    let error = serve(&folder.path().join("data"), &["--master-key-file", key.to_str().unwrap()]);
    assert!(error.contains("do not open with this master key"), "{error}");
}

#[test]
fn a_database_newer_than_the_program() {
    let folder = tempdir().unwrap();
    let demo = Demo::start(folder.path());
    demo.server.stop();
    let data = folder.path().join("data");
    let database = data.join("turnkeep.db");
    migrate_to_the_future(&database);
    let before = fs::read(&database).unwrap();
    let error = serve(&data, &[]);
    assert!(error.contains("newer version"), "{error}");
    assert_eq!(fs::read(&database).unwrap(), before, "nothing was touched");
}

/// Notes a migration that no version of this program knows.
fn migrate_to_the_future(database: &Path) {
    let script = "import sqlite3, sys\n\
        c = sqlite3.connect(sys.argv[1])\n\
        c.execute(\"insert into __diesel_schema_migrations (version, run_on) values ('99990101000000', '2026-01-01')\")\n\
        c.commit()\n\
        c.execute('pragma wal_checkpoint(truncate)')\n";
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/python/bin/python");
    let status = std::process::Command::new(python).args(["-c", script]).arg(database).status();
    assert!(status.expect("Python is there: run `cargo xtask setup`").success());
}

#[test]
fn a_busy_port() {
    let folder = with_master_key();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let error = serve(folder.path(), &["--listen", &address]);
    assert!(error.contains(&address) && error.contains("choose another with --listen"), "{error}");
    assert_eq!(files(folder.path()), ["master.key"]);
}

#[test]
fn a_data_folder_that_cannot_be_written() {
    let folder = with_master_key();
    let key = folder.path().join("master.key");
    // Not even root makes a folder there.
    let error = serve(Path::new("/proc/turnkeep"), &["--master-key-file", key.to_str().unwrap()]);
    assert!(error.contains("/proc/turnkeep") && error.contains("--data"), "{error}");
    let error = refusal(&["demo", "--listen", "127.0.0.1:0", "--data", "/proc/turnkeep"]);
    assert!(error.contains("/proc/turnkeep"), "{error}");
}

#[test]
fn a_place_for_the_facts_that_cannot_be_written() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let arguments =
        ["demo", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap(), "--json", "/proc/facts.json"];
    let error = refusal(&arguments);
    assert!(error.contains("cannot write /proc/facts.json"), "{error}");
    assert!(!data.exists());
}

#[test]
fn a_postgresql_that_does_not_answer() {
    let folder = with_master_key();
    let error = serve(folder.path(), &["--database", "postgres://turnkeep:hunter2@127.0.0.1:1/none"]);
    assert!(error.contains("check that it runs") && !error.contains("hunter2"), "{error}");
}

#[test]
fn a_file_that_is_no_database() {
    let folder = with_master_key();
    fs::write(folder.path().join("turnkeep.db"), "this is not a database, but it is long enough to look at")
        .unwrap();
    let error = serve(folder.path(), &[]);
    assert!(error.contains("cannot use the database") && error.contains("--database"), "{error}");
}

#[test]
fn settings_that_are_wrong_are_named_with_their_source_and_without_their_value() {
    let folder = with_master_key();
    let config = folder.path().join("turnkeep.toml");
    for (text, expected) in [
        ("listne = \"x\"", "there is no setting `listne`"),
        ("listen = \"nonsense\"", "listen (from "),
        ("database = \"mysql://user:hunter2@host/db\"", "database (from "),
        ("workers = 0", "workers (from "),
        ("log_format = \"xml\"", "log_format (from "),
        ("trusted_proxies = [\"not-an-address\"]", "trusted_proxies (from "),
        ("base_url = \"ftp://x\"", "base_url (from "),
        ("listen = [1]", "must be a text"),
        ("listen = ", "line 1"),
    ] {
        fs::write(&config, text).unwrap();
        let arguments =
            ["serve", "--data", folder.path().to_str().unwrap(), "--config", config.to_str().unwrap()];
        let error = refusal(&arguments);
        assert!(error.contains(expected) && error.contains("turnkeep.toml"), "{text}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    let error = serve(folder.path(), &["--listen", "0.0.0.0:0"]);
    assert!(error.contains("base_url must be set"), "{error}");
    assert_eq!(files(folder.path()), ["master.key", "turnkeep.toml"]);
}

#[test]
fn a_demo_for_the_whole_network() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let arguments = [
        "demo",
        "--listen",
        "0.0.0.0:0",
        "--base-url",
        "http://demo.example",
        "--data",
        data.to_str().unwrap(),
    ];
    assert!(refusal(&arguments).contains("this computer only"));
    assert!(!data.exists());
}

#[test]
fn settings_of_protection_that_are_none() {
    let folder = with_master_key();
    let data = folder.path().to_str().unwrap();
    for (name, value, expected) in [
        ("rate_limits", "on", "must be"),
        ("rate_limit_token", "client=0/60", "client"),
        ("rate_limit_sign_in", "clients=1/60", "clients"),
        ("rate_limit_management", "client=1/60, client=2/60", "client"),
        ("token_quota", "hour=0", "at least 1"),
        ("token_quota_mode", "off", "must be"),
        ("guard_thresholds", "memory=2/3/4", "memory"),
        ("guard_thresholds", "heat=1/2/3", "unknown signal"),
        ("rate_limit_failures", "pair=0/1", "pair=20/60"),
        ("guard_recording", "/nonexistent/guard.jsonl", "cannot be written"),
        ("guard_queue", "longest_pass_ms=0", "longest_pass_ms=50"),
        ("shared_limits", "http://cache", "must be `redis://"),
    ] {
        let variable = format!("TURNKEEP_{}", name.to_uppercase());
        let said = refusal_of(turnkeep(&["serve", "--data", data]).env(&variable, value));
        let begins = format!("{name} (from {variable}): ");
        assert!(said.contains(&begins) && said.contains(expected), "{said}");
    }
}

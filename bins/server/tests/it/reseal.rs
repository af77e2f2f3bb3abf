//! `turnkeep keys reseal`: a new master key, after which the old one can go.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::json;
use tempfile::tempdir;
use turnkeep_testkit::s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY};

use crate::process::{Demo, refusal, run};
use crate::wire::{Client, Management};

fn write_key(path: &Path, text: &str) {
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// How many of something a report tells of.
fn count(report: &str, what: &str) -> u64 {
    let line = report.lines().find(|line| line.contains(what)).unwrap_or_else(|| panic!("{report}"));
    line.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn after_a_new_master_key_and_one_command_the_old_key_can_go() {
    let folder = tempdir().unwrap();
    let storage = S3Server::start().unwrap();
    let config = folder.path().join("turnkeep.toml");
    fs::write(&config, format!("storage_allow_list = [\"{}\"]\n", storage.endpoint())).unwrap();
    let start = || Demo::start_with(folder.path(), &["--config", config.to_str().unwrap()]);
    let demo = start();
    let app = demo.text("/app/id");
    let settings = json!({
        "provider": "minio",
        "endpoint": format!("http://{}", storage.endpoint()),
        "bucket": BUCKET,
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
    });
    assert_eq!(Management::of(&demo).put(&format!("/apps/{app}/storage"), &settings).status, 201);
    let (base_url, old_token) = (demo.server.base_url.clone(), Client::of(&demo, "app").token());
    demo.server.stop();

    let data = folder.path().join("data");
    let (key, new_key) = (data.join("master.key"), folder.path().join("new.key"));
    said(&["keys", "new-master-key", "--out", new_key.to_str().unwrap()]);
    let (old, new) = (fs::read_to_string(&key).unwrap(), fs::read_to_string(&new_key).unwrap());
    write_key(&key, &format!("{new}{old}"));
    let data = data.to_str().unwrap();
    let report = said(&["keys", "reseal", "--data", data]);
    assert!(1 <= count(&report, "signing keys sealed again"), "{report}");
    assert_eq!(count(&report, "storage secret keys sealed again"), 1, "{report}");
    assert_eq!(count(&report, "ends of audit trails sealed again"), 1, "{report}");
    assert!(report.contains("those below it can be removed"), "{report}");
    let again = said(&["keys", "reseal", "--data", data]);
    for what in ["signing keys sealed", "storage secret keys sealed", "ends of audit trails sealed"] {
        assert_eq!(count(&again, what), 0, "{again}");
    }

    write_key(&key, &new);
    let trail = said(&["audit", "verify", "--data", data]);
    assert!(trail.contains("default: intact"), "{trail}");
    let demo = start();
    let client = Client::of(&demo, "app");
    client.token();
    assert_ne!(base_url, demo.server.base_url, "another port, another issuer");
    assert_eq!(client.introspect(&old_token)["active"], false, "that issuer's token");
    let check = Management::of(&demo).act(&format!("/apps/{app}/storage/check"));
    assert_eq!((check.status, &check.body["outcome"]), (200, &json!("works")));
    let events = Management::of(&demo).get("/audit-events?action=keys.reseal").body;
    assert!(!events["items"].as_array().unwrap().is_empty(), "{events}");
    demo.server.stop();

    write_key(&key, &old);
    assert!(refusal(&["keys", "list", "--data", data]).contains("do not open with this master key"));
}

#[test]
fn without_the_old_key_nothing_is_resealed() {
    let folder = tempdir().unwrap();
    Demo::start(folder.path()).server.stop();
    let data = folder.path().join("data");
    let (key, new_key) = (data.join("master.key"), folder.path().join("new.key"));
    said(&["keys", "new-master-key", "--out", new_key.to_str().unwrap()]);
    let old = fs::read_to_string(&key).unwrap();
    write_key(&key, &fs::read_to_string(&new_key).unwrap());
    let error = refusal(&["keys", "reseal", "--data", data.to_str().unwrap()]);
    assert!(error.contains("do not open with this master key"), "{error}");
    write_key(&key, &old);
    assert!(said(&["keys", "list", "--data", data.to_str().unwrap()]).contains("active"));
}

//! Storage settings of apps on a running server, which connects to a real S3-compatible storage.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use turnkeep_testkit::s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY};

use crate::process::{Demo, Server, turnkeep};
use crate::wire::{Client, Management};

/// A database with an app, which any server can be started on.
struct Installation {
    folder: TempDir,
    operator: Client,
    storage: String,
}

impl Installation {
    fn make() -> Self {
        let folder = tempdir().unwrap();
        let demo = Demo::start(folder.path());
        let installation = Self {
            operator: Client::of(&demo, "operator"),
            storage: format!("/apps/{}/storage", demo.text("/app/id")),
            folder,
        };
        demo.server.stop();
        installation
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A server that may connect to what is listed.
    fn serve(&self, allow_list: &[&str]) -> (Server, Management) {
        let config = self.folder.path().join("turnkeep.toml");
        fs::write(&config, format!("storage_allow_list = {allow_list:?}\nlog = \"warn\"\n")).unwrap();
        let (config, data) = (config.to_str().unwrap().to_owned(), self.data());
        let server = Server::start(&mut turnkeep(&[
            "serve",
            "--config",
            &config,
            "--data",
            data.to_str().unwrap(),
            "--listen",
            "127.0.0.1:0",
        ]));
        let management = Management::by(&self.operator.at(&server.address));
        (server, management)
    }

    fn put(&self, management: &Management, settings: &Value) -> (u16, Value) {
        let answer = management.put(&self.storage, settings);
        (answer.status, answer.body)
    }

    fn saved(&self, management: &Management, settings: &Value) {
        let (status, _) = self.put(management, settings);
        assert!(matches!(status, 200 | 201), "{status}: {settings}");
    }

    /// The answer of a check, without its time.
    fn check(&self, management: &Management) -> Value {
        let answer = management.act(&format!("{}/check", self.storage));
        assert_eq!(answer.status, 200, "{answer:?}");
        let mut body = answer.body;
        assert!(body.as_object_mut().unwrap().remove("checked_at").is_some());
        body
    }

    fn outcome(&self, management: &Management) -> String {
        self.check(management)["outcome"].as_str().unwrap().to_owned()
    }
}

fn settings(endpoint: &str) -> Value {
    json!({
        "provider": "minio",
        "endpoint": endpoint,
        "bucket": BUCKET,
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
    })
}

fn with(mut settings: Value, member: &str, value: &str) -> Value {
    settings[member] = json!(value);
    settings
}

fn any_file_contains(folder: &Path, text: &str) -> bool {
    let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| match path.is_dir() {
        true => any_file_contains(&path, text),
        false => holds(&fs::read(path).unwrap()),
    })
}

#[test]
fn a_check_says_what_is_wrong_and_the_secret_key_is_nowhere() {
    let installation = Installation::make();
    let storage = S3Server::start().unwrap();
    let (server, management) = installation.serve(&[storage.endpoint()]);
    let good = settings(&format!("http://{}", storage.endpoint()));
    for (settings, expected) in [
        (good.clone(), "works"),
        (with(good.clone(), "secret_key", "another-secret"), "credentials_refused"),
        (with(good.clone(), "access_key", "somebody-else"), "credentials_refused"),
        (with(good.clone(), "bucket", "no-such-bucket"), "bucket_not_found"),
        (good.clone(), "works"),
    ] {
        installation.saved(&management, &settings);
        assert_eq!(installation.outcome(&management), expected, "{settings}");
        let shown = management.get(&installation.storage).body;
        assert_eq!(shown["last_check"]["outcome"], expected);
    }
    drop(storage);
    let version = &management.get(&installation.storage).body["version"];
    assert_eq!(
        installation.check(&management),
        json!({"outcome": "unreachable", "settings_version": version})
    );
    for path in [installation.storage.as_str(), "/audit-events?limit=100"] {
        let answer = management.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.to_string().contains(SECRET_KEY), "{path}");
    }
    server.stop();
    assert!(any_file_contains(&installation.data(), ACCESS_KEY), "what is stored is found");
    assert!(!any_file_contains(&installation.data(), SECRET_KEY));
}

#[test]
fn attack_62_a_closed_port_and_one_that_speaks_something_else_look_the_same() {
    let installation = Installation::make();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    // Accepts, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = silent.local_addr().unwrap();
    let (_server, management) = installation.serve(&["127.0.0.1"]);
    let answers = [closed, open].map(|address| {
        installation.saved(&management, &settings(&format!("http://{address}")));
        let mut answer = installation.check(&management);
        answer.as_object_mut().unwrap().remove("settings_version");
        answer
    });
    assert_eq!(answers, [json!({"outcome": "unreachable"}), json!({"outcome": "unreachable"})]);
}

#[test]
fn attack_59_what_is_not_listed_is_refused_at_save_in_the_same_words() {
    let installation = Installation::make();
    let (_server, management) = installation.serve(&[]);
    let mut refusals = Vec::new();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "224.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[ff02::1]",
        "localhost",
        "a.localhost",
        "metadata.google.internal",
        "minio",
    ] {
        let (status, problem) = installation.put(&management, &settings(&format!("https://{host}")));
        let blamed = &problem["errors"][0]["field"];
        assert_eq!((status, blamed.as_str()), (422, Some("endpoint")), "{host}: {problem}");
        assert_eq!(problem["code"], "endpoint_refused", "{host}");
        refusals.push(problem["detail"].clone());
    }
    refusals.dedup();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    let (status, problem) = installation.put(&management, &settings("http://minio.example"));
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("endpoint")), "not encrypted");
    assert_eq!(management.get(&installation.storage).status, 404, "nothing was saved");
}

#[test]
fn attack_59_what_is_no_longer_listed_sees_no_connection() {
    let installation = Installation::make();
    let home = TcpListener::bind("127.0.0.1:0").unwrap();
    home.set_nonblocking(true).unwrap();
    let address = home.local_addr().unwrap();
    let (server, management) = installation.serve(&["127.0.0.0/8"]);
    installation.saved(&management, &settings(&format!("http://{address}")));
    server.stop();
    let (_server, management) = installation.serve(&["192.168.0.0/16"]);
    assert_eq!(installation.outcome(&management), "unreachable");
    assert_eq!(home.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn attack_63_a_stored_key_is_not_sent_to_another_endpoint() {
    let installation = Installation::make();
    let (home, elsewhere) = (S3Server::start().unwrap(), S3Server::start().unwrap());
    let (_server, management) = installation.serve(&["127.0.0.1"]);
    let good = settings(&format!("http://{}", home.endpoint()));
    installation.saved(&management, &good);
    let mut moved = settings(&format!("http://{}", elsewhere.endpoint()));
    moved.as_object_mut().unwrap().remove("secret_key");
    let (status, problem) = installation.put(&management, &moved);
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("secret_key")), "{problem}");
    let mut same = with(good, "bucket", "no-such-bucket");
    same.as_object_mut().unwrap().remove("secret_key");
    installation.saved(&management, &same);
    assert_eq!(installation.outcome(&management), "bucket_not_found", "the stored key still signs");
}

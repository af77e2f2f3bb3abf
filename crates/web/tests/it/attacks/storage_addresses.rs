//! Endpoints of storage that lead into one's own network, or that get credentials meant for another, as far as the
//! registry has to do with them (attacks 59, 62 and 63). The guard itself, and what happens between a name and a
//! connection (attacks 60 and 61), is tested in `turnkeep-outbound`, and with a running server in its own tests.

use std::sync::Arc;

use serde_json::{Value, json};
use turnkeep_domain::storage_config::{StorageCheckOutcome, StorageSettings};
use turnkeep_domain::storage_endpoint::StorageEndpoint;
use turnkeep_domain::time::Timestamp;
use turnkeep_service::storage_settings::probe::{ProbeUnavailable, StorageProbe};
use turnkeep_service::storage_settings::secret_key::StorageSecretKey;

use crate::world::World;
use crate::world::databases::on_both_databases;

on_both_databases!(
    attack_59_an_endpoint_in_ones_own_network_is_refused_when_it_is_saved,
    attack_59_an_endpoint_that_was_saved_once_is_refused_when_it_is_asked,
    attack_62_every_endpoint_that_is_refused_is_refused_in_the_same_words,
    attack_63_credentials_go_nowhere_else_without_being_entered_again,
);

/// Ways to write addresses that nobody outside may have asked.
const FORBIDDEN: [&str; 26] = [
    "https://127.0.0.1",
    "https://127.1",
    "https://2130706433",
    "https://0x7f000001",
    "https://017700000001",
    "https://0",
    "https://0.0.0.0",
    "https://[::1]",
    "https://[::]",
    "https://[::ffff:127.0.0.1]",
    "https://[::ffff:7f00:1]",
    "https://[64:ff9b::7f00:1]",
    "https://10.0.0.1",
    "https://172.16.0.1",
    "https://192.168.1.1:9000",
    "https://100.64.0.1",
    "https://169.254.169.254",
    "https://[fe80::1]",
    "https://[fd00::1]",
    "https://[fd00:ec2::254]",
    "https://localhost",
    "https://LOCALHOST:9000",
    "https://metadata.google.internal",
    "https://224.0.0.1",
    "https://255.255.255.255",
    "https://198.18.0.1",
];

/// As strict as a guard can be by the text alone: it reaches no address, and no name of this computer or its cloud.
struct Strict;

impl StorageProbe for Strict {
    fn may_reach(&self, endpoint: &StorageEndpoint) -> bool {
        endpoint.address().is_none()
            && !["localhost", "metadata.google.internal"].contains(&endpoint.host().as_str())
    }

    fn check(
        &self,
        settings: &StorageSettings,
        _: &StorageSecretKey,
        _: Timestamp,
    ) -> Result<StorageCheckOutcome, ProbeUnavailable> {
        let outcome = if self.may_reach(settings.endpoint()) {
            StorageCheckOutcome::Works
        } else {
            StorageCheckOutcome::Unreachable
        };
        Ok(outcome)
    }
}

/// For a server that was set up to reach everything.
struct Careless;

impl StorageProbe for Careless {
    fn may_reach(&self, _: &StorageEndpoint) -> bool {
        true
    }

    fn check(
        &self,
        _: &StorageSettings,
        _: &StorageSecretKey,
        _: Timestamp,
    ) -> Result<StorageCheckOutcome, ProbeUnavailable> {
        Ok(StorageCheckOutcome::Works)
    }
}

fn settings(endpoint: &str) -> Value {
    json!({"provider": "minio", "bucket": "documents", "access_key": "AKIA", "region": "eu",
        "secret_key": "canary-of-the-storage-key", "endpoint": endpoint})
}

async fn storage_path(world: &World) -> String {
    format!("/api/v1/apps/{}/storage", world.lone_app("Acme").await.id)
}

async fn attack_59_an_endpoint_in_ones_own_network_is_refused_when_it_is_saved(world: World) {
    let (path, guarded) = (storage_path(&world).await, world.node_with(Arc::new(Strict)));
    for endpoint in FORBIDDEN {
        let refused = guarded.operate("PUT", &path, Some(settings(endpoint))).await;
        assert_eq!(refused.problem().0, 422, "{endpoint}");
        assert_eq!(refused.blamed_fields(), ["endpoint"], "{endpoint}");
    }
    for endpoint in
        ["file:///etc/passwd", "gopher://example.com", "unix:/run/x", "http://s3.example.com", "https://"]
    {
        let refused = guarded.operate("PUT", &path, Some(settings(endpoint))).await;
        assert_eq!(
            (refused.problem().0, refused.blamed_fields()),
            (422, vec!["endpoint".to_owned()]),
            "{endpoint}"
        );
    }
    assert_eq!(world.operate("GET", &path, None).await.problem().0, 404, "nothing was saved");
    let public = guarded.operate("PUT", &path, Some(settings("https://storage.example.com"))).await;
    assert_eq!(public.status, 201, "{}", public.text());
}

async fn attack_59_an_endpoint_that_was_saved_once_is_refused_when_it_is_asked(world: World) {
    let path = storage_path(&world).await;
    let (careless, guarded) = (world.node_with(Arc::new(Careless)), world.node_with(Arc::new(Strict)));
    let mut answers = Vec::new();
    for endpoint in FORBIDDEN {
        let saved = careless.operate("PUT", &path, Some(settings(endpoint))).await;
        assert!([200, 201].contains(&saved.status), "{endpoint}: {}", saved.text());
        let mut checked = guarded.operated("POST", &format!("{path}/check"), None).await;
        checked.as_object_mut().unwrap().remove("settings_version");
        answers.push(checked);
    }
    assert_eq!(answers[0]["outcome"], "unreachable");
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

async fn attack_62_every_endpoint_that_is_refused_is_refused_in_the_same_words(world: World) {
    let (path, guarded) = (storage_path(&world).await, world.node_with(Arc::new(Strict)));
    let mut problems = Vec::new();
    for endpoint in FORBIDDEN {
        let mut problem = guarded.operate("PUT", &path, Some(settings(endpoint))).await.json();
        problem.as_object_mut().unwrap().remove("instance");
        assert!(!problem.to_string().contains("127"), "{problem}");
        problems.push(problem);
    }
    assert_eq!(problems[0]["code"], "endpoint_refused");
    assert!(problems.iter().all(|problem| *problem == problems[0]), "{problems:?}");
}

async fn attack_63_credentials_go_nowhere_else_without_being_entered_again(world: World) {
    let path = storage_path(&world).await;
    let saved = settings("https://storage.example.com");
    let made = world.operate("PUT", &path, Some(saved.clone())).await;
    let version = made.json()["version"].clone();
    assert_eq!(made.status, 201);
    let without_key = |member: &str, value: Value| {
        let mut body = saved.clone();
        body.as_object_mut().unwrap().remove("secret_key");
        body[member] = value;
        body
    };
    for (member, value) in [
        ("endpoint", json!("https://evil.example")),
        ("endpoint", json!("https://storage.example.com:8443")),
        ("endpoint", json!("https://storage.example.com.evil.example")),
        ("access_key", json!("AKIB")),
    ] {
        let refused = world.operate("PUT", &path, Some(without_key(member, value.clone()))).await;
        assert_eq!(refused.problem(), (422, "secret_key_required".to_owned()), "{member} {value}");
        assert_eq!(refused.blamed_fields(), ["secret_key"]);
    }
    let shown = world.operated("GET", &path, None).await;
    assert_eq!((&shown["endpoint"], &shown["version"]), (&json!("https://storage.example.com"), &version));
    // The same place in another spelling is the same place, and another bucket there is no other place.
    for (member, value) in
        [("endpoint", json!("HTTPS://Storage.Example.com:443/")), ("bucket", json!("others"))]
    {
        let kept = world.operate("PUT", &path, Some(without_key(member, value))).await;
        assert_eq!(kept.status, 200, "{}", kept.text());
    }
    for answer in
        [world.operate("GET", &path, None).await, world.operate("GET", "/api/v1/audit-export", None).await]
    {
        assert!(!answer.text().contains("canary-of-the-storage-key"), "{}", answer.text());
    }
}

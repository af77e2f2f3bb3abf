//! Secrets that other systems hashed: they go on to work, and at their first use become ours.

use serde_json::{Value, json};
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_secret::digest::SecretRecord;
use turnkeep_service::authority::{AuthoritySettings, HashingLimits};
use turnkeep_service::failure::Fault;

use crate::exchange::exchange_verbs::{app_with, document};
use crate::world::registry_verbs::sha256_record;
use crate::world::{TestApp, World, cheap_settings, fault, master_keys};

/// Hashes of `correct horse`, made by other implementations.
const HASHES: [(&str, &str); 6] = [
    (
        "pbkdf2",
        "$pbkdf2-sha256$i=1000,l=32$c2FsdHNhbHRzYWx0c2FsdA$BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzM",
    ),
    (
        "pbkdf2-sha512",
        "$pbkdf2-sha512$i=1000,l=64$c2FsdHNhbHRzYWx0c2FsdA$EHLBej+uEvxlmr0QnHnceg1vM6h1wbwSP5XErh3SmizNDWZsIi28RPGARe0EssjGRoiACzxgHjNvqwJY1zxKig",
    ),
    ("bcrypt", "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e"),
    (
        "argon2",
        "$argon2id$v=19$m=64,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$Sh1LF6dsajp2YjljvL/T0Tk68lSWQP232iGGbb+Qa5Y",
    ),
    ("scrypt", "$scrypt$ln=10,r=8,p=2$c2FsdHNhbHRzYWx0c2FsdA$jEgpCUtvA44HVzfVdPMA8tfAzsWE0hBy4rqSqDwK5Z8"),
    (
        "scrypt-passlib",
        "$scrypt$ln=1024,r=8,p=2$c2FsdHNhbHRzYWx0c2FsdA$jEgpCUtvA44HVzfVdPMA8tfAzsWE0hBy4rqSqDwK5Z8",
    ),
];

fn with_hashes(hashes: &[(&str, String)]) -> (World, Vec<TestApp>) {
    let world = World::with_acme();
    let apps: Vec<Value> = hashes
        .iter()
        .map(|(name, hash)| app_with(&format!("com.old/{name}"), json!({"secrets": [{"hash": hash}]})))
        .collect();
    world.import_all(&document(json!({"apps": apps})));
    let apps = hashes.iter().map(|(name, _)| world.imported(&format!("com.old/{name}"), "correct horse"));
    let apps = apps.collect();
    (world, apps)
}

fn all_hashes() -> Vec<(&'static str, String)> {
    let mut hashes: Vec<(&str, String)> =
        HASHES.iter().map(|(name, hash)| (*name, (*hash).to_owned())).collect();
    hashes.push(("sha256", sha256_record("correct horse").to_text()));
    hashes
}

/// A server that has no thread for slow hashes.
fn without_hashing(world: &World, seed: u64) -> World {
    let hashing = HashingLimits { at_once: 0, waiting: 0 };
    world.restarted(&[1], AuthoritySettings { hashing, ..cheap_settings() }, seed)
}

#[test]
fn the_old_secret_goes_on_and_its_record_becomes_ours() {
    let (world, apps) = with_hashes(&all_hashes());
    for app in &apps {
        let before = world.digest_of(app.tenant_id, app.id);
        assert!(before.mac.is_none());
        for wrong in ["correct horsf", "correct horse ", ""] {
            let wrong = TestApp { secret: Some(wrong.to_owned()), ..app.clone() };
            assert_eq!(world.refusal(&wrong), TokenDenial::ClientAuthenticationFailed, "{}", app.client_id);
        }
        assert_eq!(world.digest_of(app.tenant_id, app.id), before, "a wrong secret improves nothing");
        world.token(app);
        let after = world.digest_of(app.tenant_id, app.id);
        assert_ne!(after.record, before.record, "{}", app.client_id);
        assert!(matches!(&after.record, SecretRecord::Scrypt(_)));
        assert!(after.record.is_current(cheap_settings().client_secret_scrypt));
        assert_eq!(after.mac.unwrap().key_id(), master_keys(&[1]).current_id());
        let wrong = TestApp { secret: Some("correct horsf".to_owned()), ..app.clone() };
        assert_eq!(world.refusal(&wrong), TokenDenial::ClientAuthenticationFailed);
    }
}

#[test]
fn slow_hashes_run_on_the_bounded_pool_until_they_are_ours() {
    let hashes: Vec<_> = HASHES.iter().map(|(name, hash)| (*name, (*hash).to_owned())).collect();
    let (world, apps) = with_hashes(&hashes);
    let busy = without_hashing(&world, 2);
    for app in &apps {
        assert!(matches!(fault(busy.issue(app)), Fault::Overloaded), "{}", app.client_id);
    }
    for app in &apps {
        world.token(app);
        busy.token(app);
    }
}

#[test]
fn a_hash_that_nobody_knows_or_that_costs_too_much_is_refused_with_its_field() {
    let world = World::with_acme();
    for hash in [
        "hunter2",
        "sha256:xyz",
        "$scrypt$ln=30,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$jEgpCUtvA44HVzfVdPMA8tfAzsWE0hBy4rqSqDwK5Z8",
        "$2b$31$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
    ] {
        let app = app_with("com.old/app", json!({"secrets": [{"hash": hash}]}));
        let report = world.import(&document(json!({"apps": [app]})), &super::exchange_verbs::applying());
        assert!(!report.applied);
        assert_eq!(report.records[0].errors[0].field, "secrets", "{hash}");
        assert!(!format!("{report:?}").contains(hash));
    }
}

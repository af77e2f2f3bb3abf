//! No export, report or trail carries a secret; hashes leave only when asked for, and on the record.

use turnkeep_exchange::format::ImportFormat;
use turnkeep_service::exchange::export_records::Hashes;

use crate::exchange::exchange_verbs::{app_record, app_with, at_home, document};
use crate::world::World;

/// What every stored form of a secret begins with.
const MARKS: [&str; 6] = ["$scrypt$", "sha256:", "$argon2", "$2b$", "$pbkdf2", "\"hash\""];

#[test]
fn an_export_has_no_secret_and_hashes_only_when_asked_for() {
    let world = World::new();
    let app = world.populate();
    let old = app_with("com.old/a", serde_json::json!({"tenant": "Zeta"}));
    world.import_all(&document(serde_json::json!({"apps": [old]})));
    let secret = app.secret.clone().unwrap();
    let plain = world.export(Hashes::Withheld);
    assert!(plain.contains(&app.client_id) && plain.contains("\"hint\""));
    assert_eq!(world.events("export.hashes").len(), 0);
    for mark in MARKS {
        assert!(!plain.contains(mark), "{mark}");
    }
    let with_hashes = world.export(Hashes::Included);
    assert!(with_hashes.contains("$scrypt$") && with_hashes.contains("sha256:"));
    for text in [&plain, &with_hashes] {
        for canary in [secret.as_str(), "correct horse", world.operator.client_secret.expose()] {
            assert!(!text.contains(canary), "{canary}");
        }
        assert!(!text.contains("turnkeep.management"), "what belongs to the platform stays");
        assert!(!text.contains(&world.operator.client_id.to_string()));
    }
    let events = world.events("export.hashes");
    assert_eq!(events.len(), 1);
    assert!(events[0].refusal.is_none());
}

#[test]
fn an_import_tells_nobody_the_secrets_it_read() {
    let world = World::with_acme();
    let clear = "Zt8uWm1xPz5vRn7cLb2sHf9aEGk3qYd0";
    let realm = format!(
        r#"{{"clients":[{{"clientId":"sync","serviceAccountsEnabled":true,"standardFlowEnabled":false,"defaultClientScopes":["read"],"secret":"{clear}"}}]}}"#
    );
    let set = ImportFormat::Keycloak.read(&realm).unwrap();
    let report = world.import_format(ImportFormat::Keycloak, &realm, &at_home());
    let hashed = world.import_all(&document(serde_json::json!({"apps": [app_record("com.old/a")]})));
    world.token(&world.imported("sync", clear));
    let said =
        format!("{set:?} {report:?} {hashed:?} {:?} {}", world.trail(), world.export(Hashes::Withheld));
    for canary in [clear, "correct horse", "$scrypt$", "sha256:"] {
        assert!(!said.contains(canary), "{canary}");
    }
}

//! Each format of another system once from its text to a token.

use turnkeep_domain::resource::ScopeGrant;
use turnkeep_domain::user::UserKind;
use turnkeep_exchange::format::ImportFormat;
use turnkeep_service::exchange::import_records::{ImportMode, ImportOptions};
use turnkeep_service::exchange::import_report::ImportOutcome;

use crate::exchange::exchange_verbs::{at_home, counts, errors, skipping, without_ids};
use crate::world::World;

const KEYCLOAK: &str = include_str!("../../../../exchange/tests/it/samples/keycloak_realm.json");
const HYDRA: &str = include_str!("../../../../exchange/tests/it/samples/hydra_clients.json");
const CSV: &str = include_str!("../../../../exchange/tests/it/samples/trusted_applications.csv");

/// At home, without what is refused.
fn skipping_at_home() -> ImportOptions {
    ImportOptions { on_refusal: skipping().on_refusal, ..at_home() }
}

fn world_with_scopes(scopes: &[&str]) -> World {
    let world = World::with_acme();
    let api = world.api();
    for scope in scopes {
        world.scope(api.id, scope, ScopeGrant::AnyApp);
    }
    world
}

#[test]
fn a_keycloak_realm_with_secrets_in_the_clear() {
    let world = world_with_scopes(&["invoices.read", "invoices.write"]);
    let report = world.import_format(ImportFormat::Keycloak, KEYCLOAK, &skipping_at_home());
    assert!(report.applied);
    assert_eq!(counts(&report), [3, 0, 0, 4], "{report:#?}");
    assert_eq!(errors(&report, "app", "forgotten"), [("secrets", "no_secret")]);
    assert!(report.notes.iter().any(|note| note.starts_with("client «account»: left out")));
    let app = world.imported("nightly-sync", "Zt8uWm1xPz5vRn7cLb2sHf9aEGk3qYd0");
    world.token(&app);
    assert!(world.digest_of(app.tenant_id, app.id).mac.is_some(), "it was hashed as our own are");
    let again = world.import_format(ImportFormat::Keycloak, KEYCLOAK, &skipping_at_home());
    assert_eq!(counts(&again), [0, 0, 3, 4]);
    assert!(again.notes.iter().any(|note| note.contains("keep the secrets that they have")), "{again:?}");
}

#[test]
fn hydras_clients_with_hashes_and_secrets() {
    let world = world_with_scopes(&["reports.read", "reports.write"]);
    let report = world.import_format(ImportFormat::Hydra, HYDRA, &skipping_at_home());
    assert_eq!(counts(&report), [4, 0, 0, 2], "{report:#?}");
    let reports_id = "d1f9a5c0-9c5e-4e0f-9a67-3a2b1c0d4e5f";
    world.token(&world.imported(reports_id, "correct horse"));
    world.token(&world.imported("from-file", "plain-secret-of-the-file"));
}

#[test]
fn records_of_trusted_applications() {
    let world = World::with_acme();
    world.user(UserKind::System, "svc-inventory");
    world.user(UserKind::System, "svc-hybrid");
    let dry = ImportOptions { mode: ImportMode::DryRun, ..at_home() };
    let tried = world.import_format(ImportFormat::TrustedApplicationCsv, CSV, &dry);
    let report = world.import_format(ImportFormat::TrustedApplicationCsv, CSV, &at_home());
    assert!(report.applied, "{report:#?}");
    assert_eq!(without_ids(&tried), without_ids(&report));
    assert_eq!(report.count(ImportOutcome::Created), 4);
    let sync = world.imported("com.vendor/sync", "abc");
    world.token(&sync);
    let portal = world.record(world.imported("com.vendor/portal", "abc").id).unwrap();
    let uris: Vec<String> = portal.settings.login_redirect_uris.iter().map(ToString::to_string).collect();
    assert_eq!(uris, ["https://portal.vendor.example/cb", "https://staging.vendor.example/cb?tags=a,b"]);
}

//! Secrets and tokens are nowhere: not in the trail, not in the files of the database.

use std::sync::Arc;

use turnkeep_domain::client_secret::Overlap;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_service::audit::export_trail::begin_export;
use turnkeep_service::registry::add_secret::{add_secret, regenerate_secret};
use turnkeep_storage::store::Store;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::migrations;
use turnkeep_storage_diesel::pool::PoolOptions;

use crate::world::{TestApp, World};

#[test]
fn no_secret_and_no_token_is_ever_written() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::parse(&format!("sqlite:{}", folder.path().join("x.db").display())).unwrap();
    migrations::apply(&url).unwrap();
    let store: Arc<dyn Store> = Arc::new(DieselStore::connect(&url, &PoolOptions::default()).unwrap());
    let world = World::bare_on(store);
    world.furnish();
    let app = world.lone_app("Acme");
    let overlap = Overlap::from_secs(60).unwrap();
    let second = add_secret(&world.operator(), app.id, overlap, None).unwrap().plaintext;
    let third = regenerate_secret(&world.operator(), app.id, None).unwrap().plaintext;
    let current = app.with_secret(&third);
    let imported = world.import_variant(&app, "com.vendor/app", |_| {});
    let (token, revoked) = (world.token(&current), world.token(&imported));
    world.revoke(&imported, &revoked).unwrap();
    world.refusal(&app);
    world.refusal(&TestApp { secret: Some("a wrong guess that is long".to_owned()), ..app.clone() });
    world.authority.keep_books().unwrap();
    let mut canaries = vec![
        ("operator", world.operator.client_secret.expose().to_owned()),
        ("first", app.secret.clone().unwrap()),
        ("second", second.expose().to_owned()),
        ("third", third.expose().to_owned()),
        ("wrong", "a wrong guess that is long".to_owned()),
    ];
    for token in [&token, &revoked] {
        canaries.push(("signature", token.rsplit_once('.').unwrap().1.to_owned()));
    }
    let trail = format!("{:?}", world.trail());
    let context = world.operator();
    let mut export = begin_export(&context, &AuditFilter::default()).unwrap();
    let mut exported = Vec::new();
    while let Some(piece) = export.next_piece(&world.authority).unwrap() {
        exported.extend(piece);
    }
    let exported = String::from_utf8(exported).unwrap();
    assert!(exported.contains(&app.client_id), "what is exported is found");
    let files: Vec<Vec<u8>> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    let contains =
        |text: &str| files.iter().any(|file| file.windows(text.len()).any(|w| w == text.as_bytes()));
    assert!(contains(&app.client_id), "what is stored is found");
    for (what, canary) in canaries {
        assert!(!trail.contains(&canary), "{what} in the trail");
        assert!(!exported.contains(&canary), "{what} in the export");
        assert!(!contains(&canary), "{what} in the database");
    }
}

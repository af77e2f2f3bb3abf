//! A secret key of storage settings is nowhere: not in the trail, not in what is shown, not in the database's files.

use std::sync::Arc;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::storage_config::StorageFields;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::storage_settings::check_connection::check_storage_connection;
use turnkeep_service::storage_settings::delete_settings::delete_storage_settings;
use turnkeep_service::storage_settings::show_settings::show_storage_settings;
use turnkeep_service::storage_settings::use_settings::{StorageUse, UsePurpose, use_storage_settings};
use turnkeep_storage::store::Store;
use turnkeep_storage_diesel::database_url::DatabaseUrl;
use turnkeep_storage_diesel::diesel_store::DieselStore;
use turnkeep_storage_diesel::migrations;
use turnkeep_storage_diesel::pool::PoolOptions;

use super::scripted_storage::{MINIO, SECRET_KEY, putting};
use crate::world::{World, cheap_settings, denial};

#[test]
fn no_secret_key_is_ever_written_or_printed() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::parse(&format!("sqlite:{}", folder.path().join("x.db").display())).unwrap();
    migrations::apply(&url).unwrap();
    let store: Arc<dyn Store> = Arc::new(DieselStore::connect(&url, &PoolOptions::default()).unwrap());
    let world = World::bare_on(store);
    world.furnish();
    let (world, _) = world.probing(cheap_settings(), &[1], 77);
    let app = world.stored_app("Acme");
    let second = "second/canary+key";
    let command = putting(StorageFields { bucket: "other", ..MINIO }, Some(second));
    let mut printed = vec![format!("{command:?}"), format!("{:?}", world.put(&app, &command).unwrap())];
    printed.push(format!("{:?}", show_storage_settings(&world.operator(), app.id).unwrap()));
    printed.push(format!("{:?}", check_storage_connection(&world.operator(), app.id).unwrap()));
    let storage_use = StorageUse { actor: Actor::System, purpose: UsePurpose::parse("test").unwrap() };
    let used = use_storage_settings(&world.authority, world.instance_id, app.id, &storage_use);
    printed.push(format!("{:?}", used.unwrap().unwrap()));
    let refused = putting(StorageFields { endpoint: Some("https://refused.example"), ..MINIO }, Some(second));
    let denied = denial(world.put(&app, &refused));
    assert_eq!(denied, RegistryDenial::StorageEndpointRefused);
    printed.push(format!("{denied:?} {denied}"));
    printed.push(format!("{:?}", world.stored_settings(&app).unwrap()));
    let another = world.stored_app("Other");
    delete_storage_settings(&world.operator(), another.id, None).unwrap();
    world.authority.keep_books().unwrap();
    printed.push(format!("{:?}", world.trail()));
    let files: Vec<Vec<u8>> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    let contains =
        |text: &str| files.iter().any(|file| file.windows(text.len()).any(|w| w == text.as_bytes()));
    assert!(contains("AKIAEXAMPLE"), "what is stored is found");
    for canary in [SECRET_KEY, second] {
        assert!(!contains(canary), "{canary} in the database");
        for text in &printed {
            assert!(!text.contains(canary), "{canary} in {text}");
        }
    }
}

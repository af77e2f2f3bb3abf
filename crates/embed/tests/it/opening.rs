//! What keeps an authority from being opened.

use turnkeep_domain::slug::Slug;
use turnkeep_embed::open_error::OpenError;
use turnkeep_embed::settings::{EmbedSettings, SettingsError};
use turnkeep_embed::turnkeep::Turnkeep;
use turnkeep_secret::master_key::{MasterKey, MasterKeys};
use turnkeep_service::keys::publish_key_set::publish_key_set;
use turnkeep_service::snapshot::look_up::LookUp;

use crate::host::settings;

#[test]
fn texts_that_are_no_settings_are_refused_by_name() {
    let cases = [
        ("id.example.com", "sqlite::memory:", "the base URL must be an http or https URL"),
        ("https://id.example.com", "mysql://localhost", "the database only SQLite"),
    ];
    for (base_url, database, expected) in cases {
        let keys = MasterKeys::single(MasterKey::generate([1; 32]));
        let refused: SettingsError = EmbedSettings::parse(base_url, database, keys).unwrap_err();
        assert!(refused.to_string().starts_with(expected), "{refused}");
    }
}

#[test]
fn a_database_opens_with_its_own_master_key_only() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("turnkeep.db").display().to_string();
    Turnkeep::open(settings(&database, 1)).unwrap().first_start().unwrap().unwrap();
    assert!(matches!(Turnkeep::open(settings(&database, 2)), Err(OpenError::MasterKeys(_))));
    assert!(Turnkeep::open(settings(&database, 1)).unwrap().first_start().unwrap().is_none());
}

#[test]
fn after_the_first_start_tokens_of_apps_and_of_people_can_be_signed() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("turnkeep.db").display().to_string();
    let turnkeep = Turnkeep::open(settings(&database, 1)).unwrap();
    turnkeep.first_start().unwrap().unwrap();
    let issuer = Slug::parse("default").unwrap();
    let published = publish_key_set(turnkeep.authority(), &issuer, LookUp::Anywhere).unwrap();
    let keys: serde_json::Value = serde_json::from_str(published.as_json()).unwrap();
    let mut algorithms: Vec<_> =
        keys["keys"].as_array().unwrap().iter().map(|key| key["alg"].as_str().unwrap()).collect();
    algorithms.sort_unstable();
    assert_eq!(algorithms, ["ES256", "RS256"]);
}

#[test]
fn a_database_that_cannot_be_made_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("missing/turnkeep.db").display().to_string();
    assert!(matches!(Turnkeep::open(settings(&database, 1)), Err(OpenError::Migration(_))));
}

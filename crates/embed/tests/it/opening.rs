//! What keeps an authority from being opened.

use turnkeep_embed::open_error::OpenError;
use turnkeep_embed::settings::{EmbedSettings, SettingsError};
use turnkeep_embed::turnkeep::Turnkeep;
use turnkeep_secret::master_key::{MasterKey, MasterKeys};

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
fn a_database_that_cannot_be_made_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("missing/turnkeep.db").display().to_string();
    assert!(matches!(Turnkeep::open(settings(&database, 1)), Err(OpenError::Migration(_))));
}

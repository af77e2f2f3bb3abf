//! The master keys in a file that only its owner can read. Apart from the database, and from its backups.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use turnkeep_secret::master_key::{MasterKey, MasterKeyError, MasterKeys};
use turnkeep_secret::random::random_bytes;

use crate::system::SystemRandom;

/// More than any number of keys takes.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Why a file gives no keys.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyFileError {
    /// There is no such file.
    #[error("there is no master key")]
    Missing,
    /// There is one that cannot be read.
    #[error("the master key cannot be read")]
    Unreadable(#[source] io::Error),
    /// Its mode lets others than its owner at it.
    #[error("the master key can be read by others")]
    OpenToOthers,
    /// What is in it is no key.
    #[error("the master key is of no use")]
    Unusable(#[source] MasterKeyError),
    /// A new key would take the place of another.
    #[error("a master key is never overwritten")]
    Exists,
    /// A new key could not be written.
    #[error("the master key cannot be written")]
    Unwritable(#[source] io::Error),
}

/// Reads the keys: one in each line, the current one first.
pub fn read(path: &Path) -> Result<MasterKeys, MasterKeyFileError> {
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => MasterKeyFileError::Missing,
        _ => MasterKeyFileError::Unreadable(error),
    })?;
    let mode = file.metadata().map_err(MasterKeyFileError::Unreadable)?.mode();
    if mode & 0o077 != 0 {
        return Err(MasterKeyFileError::OpenToOthers);
    }
    let mut text = String::new();
    file.take(MAX_FILE_BYTES).read_to_string(&mut text).map_err(MasterKeyFileError::Unreadable)?;
    MasterKeys::parse(&text).map_err(MasterKeyFileError::Unusable)
}

/// Reads the keys; makes a first one if there is no file yet.
pub fn read_or_create(path: &Path) -> Result<MasterKeys, MasterKeyFileError> {
    if !path.exists() {
        create(path)?;
    }
    read(path)
}

/// Makes a new key in a new file with mode 0600.
pub fn create(path: &Path) -> Result<(), MasterKeyFileError> {
    let key = MasterKey::generate(random_bytes(&SystemRandom));
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = opened.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => MasterKeyFileError::Exists,
        _ => MasterKeyFileError::Unwritable(error),
    })?;
    writeln!(file, "{}", key.to_text().expose())
        .and_then(|()| file.sync_all())
        .map_err(MasterKeyFileError::Unwritable)
}

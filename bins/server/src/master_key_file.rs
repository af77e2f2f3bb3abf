//! The master key: outside of the database, in a file that only its owner can read, or in the environment. What is
//! wrong with it is said here in the words of flags and variables.

use std::path::Path;

use anyhow::anyhow;
use turnkeep_embed::master_key_file::{self, MasterKeyFileError};
use turnkeep_secret::master_key::MasterKeys;

use crate::configuration::MASTER_KEY_VARIABLE;
use crate::system;

/// Reads the keys from the environment, or else from the file.
pub(crate) fn read(path: &Path) -> anyhow::Result<MasterKeys> {
    match from_environment()? {
        Some(keys) => Ok(keys),
        None => master_key_file::read(path).map_err(|error| explained(error, path)),
    }
}

/// Reads the keys; makes a first one if there is no file yet.
pub(crate) fn read_or_create(path: &Path) -> anyhow::Result<MasterKeys> {
    match from_environment()? {
        Some(keys) => Ok(keys),
        None => master_key_file::read_or_create(path).map_err(|error| explained(error, path)),
    }
}

/// Makes a new key in a new file with mode 0600.
pub(crate) fn create(path: &Path) -> anyhow::Result<()> {
    master_key_file::create(path).map_err(|error| explained(error, path))
}

fn from_environment() -> anyhow::Result<Option<MasterKeys>> {
    let Some(text) = system::variable(MASTER_KEY_VARIABLE)? else { return Ok(None) };
    MasterKeys::parse(&text).map(Some).map_err(|error| anyhow!("{MASTER_KEY_VARIABLE}: {error}"))
}

fn explained(error: MasterKeyFileError, path: &Path) -> anyhow::Error {
    let shown = path.display();
    match error {
        MasterKeyFileError::Missing => anyhow!(
            "there is no master key at {shown}: make one with `turnkeep keys new-master-key --out {shown}`, \
             or name yours with --master-key-file or {MASTER_KEY_VARIABLE}"
        ),
        MasterKeyFileError::Unreadable(error) => {
            anyhow!(error).context(format!("cannot read the master key {shown}"))
        }
        MasterKeyFileError::OpenToOthers => {
            anyhow!("the master key {shown} can be read by others: run `chmod 600 {shown}`")
        }
        MasterKeyFileError::Unusable(error) => anyhow!(
            "the master key {shown} is of no use: {error}; restore it from its copy, or name another with --master-key-file"
        ),
        MasterKeyFileError::Exists => anyhow!("{shown} exists already; a master key is never overwritten"),
        MasterKeyFileError::Unwritable(error) => anyhow!(error).context(format!(
            "cannot write the master key {shown}: choose a folder that can be written with --data"
        )),
    }
}

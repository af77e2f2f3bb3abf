//! The master key: outside of the database, in a file that only its owner can read, or in the environment.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use turnkeep_secret::master_key::{MasterKey, MasterKeys};
use turnkeep_secret::random::{RandomSource, random_bytes};

use crate::configuration::MASTER_KEY_VARIABLE;
use crate::system;

/// More than any number of keys takes.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// Reads the keys from the environment, or else from the file.
pub(crate) fn read(path: &Path) -> anyhow::Result<MasterKeys> {
    if let Some(text) = system::variable(MASTER_KEY_VARIABLE)? {
        return MasterKeys::parse(&text).map_err(|error| anyhow!("{MASTER_KEY_VARIABLE}: {error}"));
    }
    let shown = path.display();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => bail!(
            "there is no master key at {shown}: make one with `turnkeep keys new-master-key --out {shown}`, \
             or name yours with --master-key-file or {MASTER_KEY_VARIABLE}"
        ),
        Err(error) => return Err(error).with_context(|| format!("cannot read the master key {shown}")),
    };
    let mode = file.metadata().with_context(|| format!("cannot read the master key {shown}"))?.mode();
    if mode & 0o077 != 0 {
        bail!("the master key {shown} can be read by others: run `chmod 600 {shown}`");
    }
    let mut text = String::new();
    file.take(MAX_FILE_BYTES)
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read the master key {shown}"))?;
    MasterKeys::parse(&text).map_err(|error| {
        anyhow!("the master key {shown} is of no use: {error}; restore it from its copy, or name another with --master-key-file")
    })
}

/// Reads the keys; makes a first one if there is no file yet.
pub(crate) fn read_or_create(path: &Path, random: &dyn RandomSource) -> anyhow::Result<MasterKeys> {
    if system::variable(MASTER_KEY_VARIABLE)?.is_none() && !path.exists() {
        create(path, random)?;
    }
    read(path)
}

/// Makes a new key in a new file with mode 0600.
pub(crate) fn create(path: &Path, random: &dyn RandomSource) -> anyhow::Result<()> {
    let shown = path.display();
    let key = MasterKey::generate(random_bytes(random));
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{shown} exists already; a master key is never overwritten")
        }
        Err(error) => {
            return Err(error).with_context(|| {
                format!(
                    "cannot write the master key {shown}: choose a folder that can be written with --data"
                )
            });
        }
    };
    writeln!(file, "{}", key.to_text().expose())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("cannot write the master key {shown}"))
}

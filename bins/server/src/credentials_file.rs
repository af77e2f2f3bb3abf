//! Files with secrets in them: mode 0600 from their first byte, and never half-written.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Writes a file that must not exist yet.
pub(crate) fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    write(OpenOptions::new().write(true).create_new(true), path, text)
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Fails if [`replace`] would, without leaving anything behind.
pub(crate) fn check_replaceable(path: &Path) -> anyhow::Result<()> {
    let beside = beside(path);
    write(OpenOptions::new().write(true).create_new(true), &beside, "")
        .and_then(|()| std::fs::remove_file(&beside))
        .with_context(|| format!("cannot write {}: choose a place that can be written", path.display()))
}

/// The name under which a file is written before it takes the place of another. What is left there of an
/// interrupted try is of no use.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    let _ = std::fs::remove_file(&beside);
    beside
}

/// Writes a file, or replaces it as a whole.
pub(crate) fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let beside = beside(path);
    write(OpenOptions::new().write(true).create_new(true), &beside, text)
        .and_then(|()| std::fs::rename(&beside, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

fn write(options: &mut OpenOptions, path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = options.mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

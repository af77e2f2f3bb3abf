//! Verification of an export, without the database; with the master key if there is one.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use turnkeep_audit::anchor::Anchor;
use turnkeep_audit::json_lines::{ExportReader, ReadError};
use turnkeep_audit::seal::SealKeys;
use turnkeep_audit::verify_export::verify_export;
use turnkeep_domain::id::AuditEventId;

use super::report::TrailReport;
use crate::command_line::Settings;
use crate::commands::serve::DEFAULT_DATA;
use crate::configuration::{DataConfiguration, MASTER_KEY_VARIABLE};
use crate::master_key_file;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::system;

/// Verifies an export.
pub(super) fn verify_file(
    path: &Path,
    anchor: Option<Anchor>,
    settings: &Settings,
) -> anyhow::Result<TrailReport> {
    let keys = seal_keys(settings)?;
    let export = match open(path)? {
        Ok(export) => export,
        Err(error) => return unreadable(path, path.display().to_string(), error),
    };
    let instance = export.header().instance_id.to_string();
    match verify_export(export, keys.as_ref(), anchor) {
        Ok(verdict) => Ok(TrailReport::on_verdict(instance, verdict, |position| event_at(path, position))),
        Err(error) => unreadable(path, instance, error),
    }
}

/// Seals are judged if there is a master key, which need not be.
fn seal_keys(settings: &Settings) -> anyhow::Result<Option<SealKeys>> {
    let path = DataConfiguration::read(settings, DEFAULT_DATA)?.master_key_file;
    let is_given = settings.master_key_file.is_some() || system::variable(MASTER_KEY_VARIABLE)?.is_some();
    if !is_given && !path.exists() {
        return Ok(None);
    }
    Ok(Some(SealKeys::new(&master_key_file::read(&path)?)))
}

fn open(path: &Path) -> RemoteResult<Result<ExportReader<BufReader<File>>, ReadError>> {
    let file = File::open(path)
        .map_err(|error| RemoteError::Usage(format!("cannot read {}: {error}", path.display())))?;
    Ok(ExportReader::open(BufReader::new(file)))
}

/// What is not an export any more is a finding; a disk that does not answer is none.
fn unreadable(path: &Path, instance: String, error: ReadError) -> anyhow::Result<TrailReport> {
    match error {
        ReadError::Io { .. } => {
            Err(anyhow::Error::new(error).context(format!("cannot read {}", path.display())))
        }
        error => Ok(TrailReport::on_unreadable(instance, &error)),
    }
}

/// Looks for the event at a position, up to where the export can be read.
fn event_at(path: &Path, position: u64) -> Option<AuditEventId> {
    let mut export = open(path).ok()?.ok()?;
    while let Some(entry) = export.next_entry().ok()? {
        if entry.entry.position == position {
            return Some(entry.entry.id);
        }
    }
    None
}

//! Results in new files: never over something that is there, and nothing stays that is not complete.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::system::{Output, end_progress, remark, report_progress};

/// How often to say how far it has come, in bytes.
const PROGRESS_EVERY: u64 = 4 * 1024 * 1024;

/// Gives `copy` a new file (mode 0600), or standard output, and something to tell how many bytes it has written;
/// it returns how many they were. A file that is not complete does not stay.
pub(crate) fn copy_out<E: From<RemoteError>>(
    out: Option<&Path>,
    copy: impl FnOnce(&mut dyn Write, &mut dyn FnMut(u64)) -> Result<u64, E>,
) -> Result<(), E> {
    let Some(path) = out else {
        copy(&mut Output, &mut |_| ())?;
        return Ok(());
    };
    let mut file = create(path)?;
    let mut said = 0;
    let mut progress = |copied: u64| {
        if PROGRESS_EVERY <= copied.saturating_sub(said) {
            said = copied;
            report_progress(&format!("{} MiB …", copied / (1024 * 1024)));
        }
    };
    let copied = copy(&mut file, &mut progress)
        .and_then(|copied| file.sync_all().map(|()| copied).map_err(|error| unwritable(path, &error).into()));
    end_progress();
    match copied {
        Ok(copied) => {
            remark(&format!("{copied} bytes are in {}", path.display()));
            Ok(())
        }
        Err(error) => {
            let _ = std::fs::remove_file(path);
            Err(error)
        }
    }
}

/// Writes a short text to a new file (mode 0600).
pub(crate) fn write_new(path: &Path, text: &str) -> RemoteResult {
    let mut file = create(path)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
        let _ = std::fs::remove_file(path);
        unwritable(path, &error)
    })
}

fn create(path: &Path) -> RemoteResult<File> {
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(path);
    opened.map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> RemoteError {
    RemoteError::Usage(format!("cannot write {}: {error}", path.display()))
}

//! Secrets that an answer shows only once: into a file of their own, or on the screen with a warning.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::remote::call::Call;
use crate::remote::flags::OutputFormat;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::session::Session;
use crate::remote::table::record;
use crate::system::remark;

/// Where a secret that is shown once goes.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SecretFlags {
    /// Write the secret alone to this new file (mode 0600), and do not show it
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_out: Option<PathBuf>,
}

/// Sends a call whose answer has a secret in `member`, and shows the rest of the record.
pub(crate) fn show_once(session: &Session, call: &Call, member: &str, flags: &SecretFlags) -> RemoteResult {
    // The file is there before anything is done: a secret that cannot be kept must not be made.
    let file = flags.secret_out.as_deref().map(NewFile::create).transpose()?;
    let answer = session.connection.send(call)?;
    let mut shown = answer.json()?;
    let withheld = shown.get(format!("{member}_withheld")) == Some(&Value::Bool(true));
    let secret = match (&file, shown.get_mut(member)) {
        (Some(_), Some(value)) => match value.take() {
            Value::String(text) => Some(PlaintextSecret::new(text)),
            _ => None,
        },
        (Some(_), None) | (None, _) => None,
    };
    if let (Some(file), Some(secret)) = (file, &secret) {
        let path = file.path.clone();
        file.keep(secret)?;
        remark(&format!("the secret is in {}", path.display()));
    }
    match session.screen.format {
        OutputFormat::Json if flags.secret_out.is_none() => session.screen.json(answer.bytes()),
        OutputFormat::Json => session.screen.json(shown.to_string().as_bytes()),
        OutputFormat::Table => show_to_people(session, shown, member),
    }
    if withheld {
        return Err(RemoteError::Unexpected(
            "it is done, but the answer with the secret was lost on its way: make a new secret".to_owned(),
        ));
    }
    Ok(())
}

fn show_to_people(session: &Session, mut shown: Value, member: &str) {
    match shown.get(member) {
        Some(Value::String(_)) => remark("the secret is shown only now: keep it where it is safe"),
        Some(_) => {
            // An empty line for something that is elsewhere would look like a fault.
            if let Some(members) = shown.as_object_mut() {
                members.retain(|name, _| name != member);
            }
        }
        None => {}
    }
    session.screen.text(&record(&shown));
}

/// A new file for a secret, which is gone again unless a secret comes.
pub(crate) struct NewFile {
    path: PathBuf,
    file: File,
    kept: bool,
}

impl NewFile {
    /// Makes the file; one that exists is never overwritten.
    pub(crate) fn create(path: &Path) -> RemoteResult<Self> {
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(file) => Ok(Self { path: path.to_owned(), file, kept: false }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(RemoteError::Usage(format!(
                "{} exists already; a secret never overwrites anything",
                path.display()
            ))),
            Err(error) => Err(RemoteError::Usage(format!("cannot write {}: {error}", path.display()))),
        }
    }

    /// Writes the secret, and a line end.
    pub(crate) fn keep(mut self, secret: &PlaintextSecret) -> RemoteResult {
        writeln!(self.file, "{}", secret.expose()).and_then(|()| self.file.sync_all()).map_err(|error| {
            RemoteError::Unexpected(format!("cannot write {}: {error}", self.path.display()))
        })?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

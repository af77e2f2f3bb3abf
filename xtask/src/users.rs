//! People of an installation, each with a password in a file that programs with a browser read.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::installation::Installation;
use crate::management::{Api, text};
use crate::process;
use crate::random::Chance;

/// A person.
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) name: &'static str,
    pub(crate) password_file: PathBuf,
}

impl User {
    /// Somebody new, called `display_name`, whose new password is left in `folder`.
    pub(crate) fn make(
        api: &mut Api,
        installation: &Installation,
        folder: &Path,
        (name, display_name): (&'static str, &str),
    ) -> anyhow::Result<Self> {
        let user = json!({"kind": "internal", "name": name, "display_name": display_name});
        let id = text(&api.create("/users", &user)?, "id")?;
        let password_file = folder.join(format!("{name}.password"));
        write_secret(
            &password_file,
            &format!("{:08x}-lantern-{:08x}", Chance::new_seed()?, Chance::new_seed()?),
        )?;
        let mut command = installation.command(&["user", "set-password", name, "--password-file"]);
        process::output(command.arg(&password_file))?;
        Ok(Self { id, name, password_file })
    }

    /// What a program with a browser needs to sign in.
    pub(crate) fn describe(&self) -> Value {
        json!({"user": self.name, "password_file": self.password_file})
    }
}

/// Leaves a text in a new file that nobody else reads.
pub(crate) fn write_secret(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(file)?;
    Ok(file.write_all(text.as_bytes())?)
}

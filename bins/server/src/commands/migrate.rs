//! `turnkeep migrate`.

use anyhow::{Context, bail};
use turnkeep_storage_diesel::migrations;

use crate::command_line::MigrateArguments;
use crate::commands::serve::DEFAULT_DATA;
use crate::configuration::DataConfiguration;
use crate::open_authority::{check_schema, ensure_folder};
use crate::system::say;

/// Brings the schema up to date, or with `--check` only says what is missing.
pub(crate) fn run(arguments: &MigrateArguments) -> anyhow::Result<()> {
    let data = DataConfiguration::read(&arguments.settings, DEFAULT_DATA)?;
    check_schema(&data.database)?;
    if arguments.check {
        let pending = migrations::pending(&data.database).context("the schema cannot be read")?;
        if pending.is_empty() {
            say("the database is up to date");
            return Ok(());
        }
        bail!("{} migrations to apply: {}", pending.len(), pending.join(", "));
    }
    if data.database.sqlite_path().is_some_and(|path| path.starts_with(&data.data)) {
        ensure_folder(&data.data)?;
    }
    let report = migrations::apply(&data.database).context("the database cannot be migrated")?;
    for name in &report.names {
        say(&format!("applied {name}"));
    }
    say("the database is up to date");
    Ok(())
}

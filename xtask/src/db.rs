//! `cargo xtask db`: the migrations and the schema generated from them.

use std::process::Command;

use anyhow::bail;

use crate::process::{self, Lockfile};
use crate::setup;

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let [action] = arguments else { bail!("say `db check` or `db schema`") };
    match action.as_str() {
        "check" => {
            setup::database()?;
            process::run(&mut schema_tests())
        }
        "schema" => {
            setup::database()?;
            process::run(schema_tests().env("TURNKEEP_UPDATE_SCHEMA", "1"))
        }
        _ => bail!("no `db {action}`; there are `db check` and `db schema`"),
    }
}

/// They run the migrations up, down and up again and compare the result with schema.rs.
fn schema_tests() -> Command {
    let mut command = process::cargo("test", Lockfile::MayChange);
    command.args(["--package", "turnkeep-storage-diesel", "--test", "it", "schema"]);
    command
}

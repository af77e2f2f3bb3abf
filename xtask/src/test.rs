//! `cargo xtask test [FILTER]`: sets up, then runs the tests of every crate.

use crate::process::{self, Lockfile};
use crate::setup;

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    setup::run(&[])?;
    run_all(Lockfile::MayChange, arguments)
}

/// Every test of the workspace in one build: unit, integration and documentation tests; examples get built.
/// The schema tests of `db check` are among them.
pub(crate) fn run_all(lockfile: Lockfile, arguments: &[String]) -> anyhow::Result<()> {
    let flags = ["--workspace", "--all-features", "--no-fail-fast"];
    process::run(process::cargo("test", lockfile).args(flags).args(arguments))
}

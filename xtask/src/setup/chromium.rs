//! Chromium, in which `cargo xtask interop` signs in.

use std::path::PathBuf;

use anyhow::ensure;

use super::apt;
use crate::process;

const PROGRAMS: [&str; 2] = ["chromium", "chromium-browser"];

/// Returns the program.
pub(super) fn ensure() -> anyhow::Result<PathBuf> {
    if find().is_none() {
        apt::install("Chromium is", &["chromium"])?;
    }
    let found = find();
    ensure!(found.is_some(), "Chromium is not where it is expected");
    Ok(found.unwrap_or_default())
}

fn find() -> Option<PathBuf> {
    let path = |program: &&str| {
        let mut shell = process::command("sh");
        process::probe(shell.args(["-c", "command -v \"$0\"", program])).map(PathBuf::from)
    };
    PROGRAMS.iter().find_map(path)
}

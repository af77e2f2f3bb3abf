//! Chromium, in which `cargo xtask interop` and `cargo xtask dashboard` sign in.

use std::path::PathBuf;

use anyhow::Context;

use super::apt;
use crate::process;

const PROGRAMS: [&str; 2] = ["chromium", "chromium-browser"];

/// Returns the program.
pub(super) fn ensure() -> anyhow::Result<PathBuf> {
    if find().is_none() {
        apt::install("Chromium is", &["chromium"])?;
    }
    find().context("Chromium is not where it is expected")
}

fn find() -> Option<PathBuf> {
    PROGRAMS.into_iter().find_map(process::find)
}

//! libfaketime, by which `cargo xtask cluster-test` steps the wall clock of one process and of nothing else.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;

use super::apt;

const MISSING: &str = "The library that steps a clock is";

pub(super) fn ensure() -> anyhow::Result<()> {
    if find().is_none() {
        apt::install(MISSING, &["libfaketime"])?;
    }
    library().map(|_| ())
}

pub(super) fn library() -> anyhow::Result<PathBuf> {
    find().with_context(|| format!("{MISSING} missing: run `cargo xtask setup`"))
}

/// Debian keeps it in the folder of the machine's architecture, others in one of the first two.
fn find() -> Option<PathBuf> {
    let fixed = ["/usr/lib64", "/usr/lib"].map(PathBuf::from);
    let of_architectures = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut candidates =
        fixed.into_iter().chain(of_architectures).map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    candidates.find(|file| file.is_file())
}

//! Prometheus and its promtool, by which `cargo xtask monitoring` checks alert rules and the dashboard.

use std::path::{Path, PathBuf};

use anyhow::ensure;

use super::apt;
use crate::process;

const PROGRAMS: [&str; 2] = ["promtool", "prometheus"];

/// promtool and prometheus: those that are installed, or Debian's without the service that comes with them.
pub(super) fn programs() -> anyhow::Result<[PathBuf; 2]> {
    if PROGRAMS.into_iter().all(process::is_installed) {
        return Ok(PROGRAMS.map(PathBuf::from));
    }
    let folder = process::root().join("target/tools/prometheus");
    let unpacked = PROGRAMS.map(|program| folder.join("usr/bin").join(program));
    if !works(&unpacked) {
        apt::unpack("Prometheus is", "prometheus", &folder)?;
        ensure!(works(&unpacked), "what is in {} does not work", folder.display());
    }
    Ok(unpacked)
}

fn works(programs: &[PathBuf]) -> bool {
    let runs = |program: &Path| {
        process::probe(process::command(&program.to_string_lossy()).arg("--version")).is_some()
    };
    programs.iter().all(|program| runs(program))
}

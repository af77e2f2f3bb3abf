//! Installs Debian packages where this process may, and says what to install where it may not.

use std::path::Path;

use anyhow::{Context, bail};

use crate::process;

/// Installs `packages`. `what` names the thing that is missing.
pub(crate) fn install(what: &str, packages: &[&str]) -> anyhow::Result<()> {
    let wanted = packages.join(" ");
    if process::probe(process::command("apt-get").arg("--version")).is_none() {
        bail!("{what} missing, and this system has no apt-get: install what Debian calls `{wanted}`");
    }
    if process::probe(process::command("id").arg("-u")).as_deref() != Some("0") {
        bail!("{what} missing: run `apt-get install --no-install-recommends {wanted}` as root");
    }
    println!("{what} missing: installing {wanted}");
    process::run(process::command("apt-get").args(["update", "--quiet"]))?;
    process::run(
        process::command("apt-get")
            .args(["install", "--quiet", "--yes", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

/// Unpacks a package into a folder instead of installing it: none of its scripts run, so it starts no service.
pub(crate) fn unpack(what: &str, package: &str, folder: &Path) -> anyhow::Result<()> {
    if process::probe(process::command("apt-get").arg("--version")).is_none() {
        bail!("{what} missing, and this system has no apt-get: install what Debian calls `{package}`");
    }
    println!("{what} missing: unpacking {package} into {}", folder.display());
    if process::probe(process::command("id").arg("-u")).as_deref() == Some("0") {
        process::run(process::command("apt-get").args(["update", "--quiet"]))?;
    }
    let downloads = folder.join("download");
    std::fs::create_dir_all(&downloads).with_context(|| format!("could not make {}", downloads.display()))?;
    let mut download = process::command("apt-get");
    download.args(["download", "--quiet", "-o", "APT::Sandbox::User=root", package]).current_dir(&downloads);
    process::run(&mut download)?;
    for file in std::fs::read_dir(&downloads)? {
        process::run(process::command("dpkg-deb").arg("--extract").arg(file?.path()).arg(folder))?;
    }
    std::fs::remove_dir_all(&downloads).context("could not remove what was downloaded")
}

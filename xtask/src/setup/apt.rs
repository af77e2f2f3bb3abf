//! Installs Debian packages where this process may, and says what to install where it may not.

use anyhow::bail;

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

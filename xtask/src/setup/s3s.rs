//! s3s-fs, an S3 server over a folder that verifies signatures: tests check storage settings against it.

use anyhow::ensure;

use crate::process;

const VERSION: &str = "0.14.1";

/// The program's folder is where the tests look for it.
pub(super) fn ensure() -> anyhow::Result<()> {
    let folder = process::root().join("target/tools/s3s");
    let program = folder.join("bin/s3s-fs");
    let is_installed = || {
        let found = process::probe(process::command(&program.to_string_lossy()).arg("--version"));
        found.as_deref() == Some(&format!("s3s-fs {VERSION}"))
    };
    if !is_installed() {
        println!("s3s-fs {VERSION} missing: building it, which takes a minute");
        process::run(
            process::command("cargo")
                .args([
                    "install",
                    "s3s-fs",
                    "--version",
                    VERSION,
                    "--features",
                    "binary",
                    // Unoptimised, it is fast enough for what tests ask of it, and built in a third of the time.
                    "--debug",
                    "--locked",
                    "--quiet",
                ])
                .arg("--root")
                .arg(&folder)
                .env("CARGO_PROFILE_DEV_DEBUG", "false"),
        )?;
        ensure!(is_installed(), "the S3 server in {} does not work", folder.display());
    }
    println!("S3 server: {}", program.display());
    Ok(())
}

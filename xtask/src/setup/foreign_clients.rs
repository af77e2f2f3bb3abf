//! Clients that nobody here wrote, from npm and PyPI, in the versions and with the checksums that are written down
//! beside the programs that use them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::{apt, python};
use crate::process;

/// The oldest Node.js that one of the packages takes.
const NODE: u32 = 20;
const NPM_LOCK: &str = "package-lock.json";
const PYTHON_LOCK: &str = "requirements.txt";

/// Copies the programs in `sources` to `folder`, with the packages beside them where Node.js looks for them. One of the
/// sources names the packages.
pub(super) fn ensure_npm(sources: &[&Path], folder: &Path) -> anyhow::Result<()> {
    if !["node", "npm"].into_iter().all(process::is_installed) {
        apt::install("Node.js is", &["nodejs", "npm"])?;
    }
    let version = process::probe(process::command("node").arg("--version")).unwrap_or_default();
    let major = version.strip_prefix('v').and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    ensure!(major.is_some_and(|major| NODE <= major), "Node.js {NODE} or later is needed, not `{version}`");
    for source in sources {
        copy_files(source, folder)?;
    }
    let installed = folder.join("node_modules/installed.json");
    if !is_same(&folder.join(NPM_LOCK), &installed) {
        println!("npm packages missing: installing them into {}", folder.display());
        let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
        process::run(process::command("npm").args(arguments).current_dir(folder))?;
        fs::copy(folder.join(NPM_LOCK), &installed)?;
    }
    Ok(())
}

/// Makes an environment of Python with the packages. Returns its Python.
pub(super) fn ensure_python(sources: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let (lock, installed) = (sources.join(PYTHON_LOCK), folder.join(PYTHON_LOCK));
    if !is_same(&lock, &installed) {
        println!("Python packages missing: installing them into {}", folder.display());
        python::new_environment(folder)?;
        process::run(python::pip_install(folder).args(["--require-hashes", "--requirement"]).arg(&lock))?;
        fs::copy(&lock, &installed)?;
    }
    Ok(folder.join("bin/python"))
}

fn copy_files(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to).with_context(|| format!("could not make {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("could not read {}", from.display()))? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

fn is_same(wanted: &Path, installed: &Path) -> bool {
    let (wanted, installed) = (fs::read(wanted).ok(), fs::read(installed).ok());
    wanted.is_some() && wanted == installed
}

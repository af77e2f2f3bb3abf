//! Python with a JOSE library that is not ours, by which an end-to-end test verifies our tokens.

use std::path::Path;
use std::process::Command;

use anyhow::ensure;

use super::apt;
use crate::process;

const PYJWT: &str = "2.15.1";
const CRYPTOGRAPHY: &str = "50.0.2";

pub(super) fn ensure() -> anyhow::Result<()> {
    let environment = process::root().join("target/tools/python");
    if !is_complete(&environment) {
        create(&environment)?;
        ensure!(is_complete(&environment), "the environment in {} does not work", environment.display());
    }
    println!("Python: {} with PyJWT {PYJWT}", environment.display());
    Ok(())
}

fn is_complete(environment: &Path) -> bool {
    let python = environment.join("bin/python");
    let versions = "import jwt, cryptography; print(jwt.__version__, cryptography.__version__)";
    let found = process::probe(process::command(&python.to_string_lossy()).args(["-c", versions]));
    found.as_deref() == Some(&format!("{PYJWT} {CRYPTOGRAPHY}"))
}

fn create(environment: &Path) -> anyhow::Result<()> {
    new_environment(environment)?;
    let packages = [format!("pyjwt[crypto]=={PYJWT}"), format!("cryptography=={CRYPTOGRAPHY}")];
    process::run(pip_install(environment).args(packages))
}

/// Makes an environment of Python without packages, in place of what is there.
pub(super) fn new_environment(folder: &Path) -> anyhow::Result<()> {
    if process::probe(process::command("python3").args(["-c", "import venv, ensurepip"])).is_none() {
        apt::install("Python 3 with venv is", &["python3", "python3-venv"])?;
    }
    process::run(process::command("python3").args(["-m", "venv", "--clear"]).arg(folder))
}

/// Installs packages into an environment, without building any: which ones is to be added.
pub(super) fn pip_install(environment: &Path) -> Command {
    let mut install = process::command(&environment.join("bin/python").to_string_lossy());
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]);
    install
}

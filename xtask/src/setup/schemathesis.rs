//! Schemathesis, which makes requests from an OpenAPI document, in the Python environment of the tests.

use std::path::PathBuf;

use anyhow::ensure;

use super::python;
use crate::process;

const VERSION: &str = "4.32.5";

/// Returns the program.
pub(super) fn ensure() -> anyhow::Result<PathBuf> {
    let environment = process::root().join("target/tools/python");
    let program = environment.join("bin/schemathesis");
    let is_there = || {
        let found = process::probe(process::command(&program.to_string_lossy()).arg("--version"));
        found.is_some_and(|version| version.split_whitespace().next_back() == Some(VERSION))
    };
    if !is_there() {
        process::run(python::pip_install(&environment).arg(format!("schemathesis=={VERSION}")))?;
        ensure!(is_there(), "{} does not work", program.display());
    }
    println!("Schemathesis: {VERSION}");
    Ok(program)
}

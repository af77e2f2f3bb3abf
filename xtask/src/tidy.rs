//! `cargo xtask tidy`: the rules of this repository that no compiler knows. Prints every finding.

use anyhow::{Context, bail};

use crate::process::{self, Lockfile};
use finding::Finding;

mod confined_crates;
mod crate_edges;
mod crate_table;
mod finding;
mod metadata;
mod pure_crates;
mod rust_source;
mod secret_columns;
mod source_files;
mod text;

const CRATE_TABLE: &str = "docs/architecture.md";

pub(crate) fn run(_arguments: &[String]) -> anyhow::Result<()> {
    check(Lockfile::MayChange)
}

pub(crate) fn check(lockfile: Lockfile) -> anyhow::Result<()> {
    let mut findings = workspace_findings(lockfile)?;
    let files = source_files::list()?;
    for file in &files {
        findings.extend(text::check(file));
        findings.extend(rust_source::check(file));
        findings.extend(pure_crates::check_source(file));
        findings.extend(secret_columns::check(file));
    }
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} findings in {} files", findings.len(), files.len());
    }
    println!("tidy: no finding in {} files", files.len());
    Ok(())
}

fn workspace_findings(lockfile: Lockfile) -> anyhow::Result<Vec<Finding>> {
    let json = process::output(process::cargo("metadata", lockfile).args(["--format-version", "1"]))?;
    let workspace = metadata::parse(&json)?;
    let table = std::fs::read_to_string(process::root().join(CRATE_TABLE))
        .with_context(|| format!("could not read {CRATE_TABLE}"))?;
    let rows = crate_table::parse(&table);

    let mut findings = crate_edges::check(&workspace, &rows);
    findings.extend(pure_crates::check_graph(&workspace));
    findings.extend(confined_crates::check(&workspace));
    Ok(findings)
}

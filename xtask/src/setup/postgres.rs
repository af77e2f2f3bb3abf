//! The PostgreSQL server programs, from which tests start throwaway servers.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::apt;

// The tests' own search, so that both always agree.
#[path = "../../../crates/testkit/src/postgres/programs.rs"]
mod programs;

const MISSING: &str = "PostgreSQL server programs are";

/// The folder with the server programs.
pub(super) fn program_dir() -> anyhow::Result<PathBuf> {
    programs::find_program_dir().with_context(|| format!("{MISSING} missing: run `cargo xtask setup`"))
}

pub(super) fn ensure() -> anyhow::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "asks for what the tests ask for")]
    if std::env::var_os("TURNKEEP_TEST_POSTGRES_URL").is_some() {
        println!("PostgreSQL: the server that TURNKEEP_TEST_POSTGRES_URL names");
        return Ok(());
    }
    if programs::find_program_dir().is_none() {
        apt::install(MISSING, &["postgresql-common"])?;
        refuse_main_cluster()?;
        apt::install(MISSING, &["postgresql"])?;
    }
    let dir =
        programs::find_program_dir().with_context(|| format!("{MISSING} not where they are expected"))?;
    println!("PostgreSQL: {}", dir.display());
    Ok(())
}

/// Debian's package would make and start a server of its own, which no test uses.
fn refuse_main_cluster() -> anyhow::Result<()> {
    let settings = Path::new("/etc/postgresql-common/createcluster.conf");
    fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(settings)
        .and_then(|mut file| file.write_all(b"\ncreate_main_cluster = false\n"))
        .with_context(|| format!("could not write {}", settings.display()))
}

//! A Redis or Valkey server, which tests of limits that nodes share start for themselves.

use anyhow::ensure;

use super::apt;
use crate::process;

const PROGRAMS: [&str; 2] = ["valkey-server", "redis-server"];

pub(super) fn ensure() -> anyhow::Result<()> {
    let installed = || PROGRAMS.into_iter().find(|program| process::is_installed(program));
    if installed().is_none() {
        apt::install("The Redis server is", &["redis-server"])?;
        ensure!(installed().is_some(), "the Redis server is not where it is expected");
    }
    println!("Redis server: {}", installed().unwrap_or_default());
    Ok(())
}

//! slowhttptest, the slow clients of `cargo xtask slow-clients`.

use anyhow::ensure;

use super::apt;
use crate::process;

pub(super) fn ensure() -> anyhow::Result<()> {
    if !process::is_installed("slowhttptest") {
        apt::install("slowhttptest, which makes slow clients, is", &["slowhttptest"])?;
        ensure!(process::is_installed("slowhttptest"), "slowhttptest is not where it is expected");
    }
    Ok(())
}

//! wrk, the load generator of `cargo xtask bench`. No test needs it.

use anyhow::ensure;

use super::apt;
use crate::process;

pub(super) fn ensure() -> anyhow::Result<()> {
    if !process::is_installed("wrk") {
        apt::install("The load generator wrk is", &["wrk"])?;
        ensure!(process::is_installed("wrk"), "wrk is not where it is expected");
    }
    Ok(())
}

//! curl, as the demo's printed commands and the README use it.

use super::apt;
use crate::process;

pub(super) fn ensure() -> anyhow::Result<()> {
    if !process::is_installed("curl") {
        apt::install("curl is", &["curl"])?;
    }
    Ok(())
}

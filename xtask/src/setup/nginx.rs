//! nginx, whose `auth_request` asks the server in `cargo xtask interop`.

use std::path::{Path, PathBuf};

use anyhow::ensure;

use super::apt;
use crate::process;

/// The one that is installed, or Debian's without the service that comes with it.
pub(super) fn ensure() -> anyhow::Result<PathBuf> {
    let unpacked = process::root().join("target/tools/nginx/usr/sbin/nginx");
    for program in [Path::new("/usr/sbin/nginx"), &unpacked] {
        if works(program) {
            return Ok(program.to_owned());
        }
    }
    apt::unpack("nginx is", "nginx", &process::root().join("target/tools/nginx"))?;
    ensure!(works(&unpacked), "{} does not work", unpacked.display());
    Ok(unpacked)
}

fn works(program: &Path) -> bool {
    process::probe(process::command(&program.to_string_lossy()).arg("-v")).is_some()
}

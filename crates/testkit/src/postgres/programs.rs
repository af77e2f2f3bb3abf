//! Finds the PostgreSQL server programs of this machine. Uses the standard library only: `cargo xtask setup`
//! includes this very file to ask the same question.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What must stand in one folder for a folder to count.
const NEEDED: [&str; 4] = ["initdb", "pg_ctl", "postgres", "psql"];

/// The folder with the server programs: from `PATH`, from Debian's versioned folders (newest first), or
/// from `pg_config`, in this order.
pub(crate) fn find_program_dir() -> Option<PathBuf> {
    candidates().into_iter().find(|dir| NEEDED.iter().all(|program| dir.join(program).is_file()))
}

fn candidates() -> Vec<PathBuf> {
    let mut dirs = behind_path();
    dirs.extend(debian_dirs());
    dirs.extend(configured_dir());
    dirs
}

/// `PATH` often holds nothing but a link to `initdb`; its neighbours stand where the link points.
fn behind_path() -> Vec<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "looks for programs on behalf of tests")]
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .filter_map(|dir| dir.join("initdb").canonicalize().ok())
        .filter_map(|initdb| initdb.parent().map(Path::to_path_buf))
        .collect()
}

fn debian_dirs() -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, dir)| dir).collect()
}

fn configured_dir() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let dir = String::from_utf8(output.stdout).ok()?;
    (!dir.trim().is_empty()).then(|| PathBuf::from(dir.trim()))
}

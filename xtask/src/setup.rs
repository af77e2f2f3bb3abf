//! `cargo xtask setup`: finds or installs what tests need beyond Rust, a C compiler, make and perl.
//! Quick and silent about nothing when all is there; installs only as root, and only what is missing.

use std::path::{Path, PathBuf};

pub(crate) use apache::Apache;

use crate::process;

mod apache;
mod apt;
mod chromium;
mod curl;
mod faketime;
mod foreign_clients;
mod nginx;
mod postgres;
mod prometheus;
mod python;
mod redis;
mod s3s;
mod schemathesis;
mod slowhttptest;
mod wrk;

pub(crate) fn run(_arguments: &[String]) -> anyhow::Result<()> {
    database()?;
    curl::ensure()?;
    faketime::ensure()?;
    python::ensure()?;
    redis::ensure()?;
    s3s::ensure()
}

/// The database part alone.
pub(crate) fn database() -> anyhow::Result<()> {
    postgres::ensure()
}

/// Where the PostgreSQL server programs are.
pub(crate) fn postgres_programs() -> anyhow::Result<PathBuf> {
    postgres::program_dir()
}

/// The library by which a single process sees another time of day.
pub(crate) fn clock_library() -> anyhow::Result<PathBuf> {
    faketime::library()
}

/// The program that makes requests from an OpenAPI document; tests do without.
pub(crate) fn api_fuzzer() -> anyhow::Result<PathBuf> {
    python::ensure()?;
    schemathesis::ensure()
}

/// What measurements need; tests do without.
pub(crate) fn load_generator() -> anyhow::Result<()> {
    wrk::ensure()
}

/// What makes slow clients; tests do without.
pub(crate) fn slow_clients() -> anyhow::Result<()> {
    slowhttptest::ensure()
}

/// promtool and prometheus, for the alert rules and the dashboard; tests do without.
pub(crate) fn prometheus() -> anyhow::Result<[PathBuf; 2]> {
    prometheus::programs()
}

/// What `cargo xtask interop` needs; tests do without.
pub(crate) struct InteropTools {
    pub(crate) chromium: PathBuf,
    pub(crate) apache: Apache,
    pub(crate) nginx: PathBuf,
    /// The Python with the packages of client programs.
    pub(crate) python: PathBuf,
    /// The client programs, with their npm packages beside them.
    pub(crate) clients: PathBuf,
}

/// What walks through pages; tests do without.
pub(crate) struct BrowserTools {
    pub(crate) chromium: PathBuf,
    /// The programs that know what to do there, with their npm packages beside them.
    pub(crate) programs: PathBuf,
}

/// What programs with a browser share.
const BROWSER_PROGRAMS: &str = "xtask/src/browser";

/// A browser. `sources` are the programs, `folder` is for what they need.
pub(crate) fn browser(sources: &Path, folder: &Path) -> anyhow::Result<BrowserTools> {
    foreign_clients::ensure_npm(&[sources, &process::root().join(BROWSER_PROGRAMS)], folder)?;
    Ok(BrowserTools { chromium: chromium::ensure()?, programs: folder.to_owned() })
}

/// A Python with the packages that `sources` name. `folder` is for them.
pub(crate) fn python_packages(sources: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    foreign_clients::ensure_python(sources, folder)
}

/// Foreign clients, and a browser. `sources` are the client programs, `folder` is for what they need.
pub(crate) fn interop(sources: &Path, folder: &Path) -> anyhow::Result<InteropTools> {
    let BrowserTools { chromium, programs } = browser(sources, &folder.join("clients"))?;
    Ok(InteropTools {
        chromium,
        apache: Apache::ensure()?,
        nginx: nginx::ensure()?,
        python: foreign_clients::ensure_python(sources, &folder.join("python"))?,
        clients: programs,
    })
}

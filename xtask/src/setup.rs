//! `cargo xtask setup`: finds or installs what tests need beyond Rust, a C compiler, make and perl.
//! Quick and silent about nothing when all is there; installs only as root, and only what is missing.

use std::path::PathBuf;

mod apt;
mod curl;
mod faketime;
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

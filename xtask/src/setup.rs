//! `cargo xtask setup`: finds or installs what tests need beyond Rust, a C compiler, make and perl.
//! Quick and silent about nothing when all is there; installs only as root, and only what is missing.

mod apt;
mod curl;
mod postgres;
mod python;
mod wrk;

pub(crate) fn run(_arguments: &[String]) -> anyhow::Result<()> {
    database()?;
    curl::ensure()?;
    python::ensure()
}

/// The database part alone.
pub(crate) fn database() -> anyhow::Result<()> {
    postgres::ensure()
}

/// What measurements need; tests do without.
pub(crate) fn load_generator() -> anyhow::Result<()> {
    wrk::ensure()
}

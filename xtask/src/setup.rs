//! `cargo xtask setup`: finds or installs what tests need beyond Rust, a C compiler, make and perl.
//! Quick and silent about nothing when all is there; installs only as root, and only what is missing.

mod apt;
mod postgres;
mod python;

pub(crate) fn run(_arguments: &[String]) -> anyhow::Result<()> {
    database()?;
    python::ensure()
}

/// The database part alone.
pub(crate) fn database() -> anyhow::Result<()> {
    postgres::ensure()
}

//! `cargo xtask bench verify`: what a resource server pays for a token: at first sight beside the bare check of the
//! signature, and again. The measuring program is an example of the crate.

use crate::process::{self, Lockfile};

use super::Placement;

/// Further arguments are the program's.
pub(super) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let mut build = process::cargo("build", Lockfile::MayChange);
    process::run(build.args(["--release", "--package", "turnkeep-verify", "--example", "measure"]))?;
    let placement = Placement::find();
    println!("{}\nrelease build, one core", placement.machine());
    let program = process::root().join("target/release/examples/measure");
    process::run(placement.server(&program).args(arguments))
}

//! Crates that nobody here wrote as clients of a running server: `example-interop-rust SURROUNDINGS_FILE`.
//! One line for each check, in the manner of the other programs of `cargo xtask interop`, which starts them all.

use anyhow::Context;

use crate::surroundings::Surroundings;

mod browser;
mod check;
mod loopback;
mod native_app;
mod oauth_native_app;
mod service;
mod surroundings;
mod transport;

const USAGE: &str = "usage: example-interop-rust SURROUNDINGS_FILE";

fn main() -> anyhow::Result<()> {
    let file = std::env::args().nth(1).context(USAGE)?;
    let text = std::fs::read_to_string(&file).with_context(|| format!("could not read {file}"))?;
    let surroundings: Surroundings = serde_json::from_str(&text)?;
    native_app::run(&surroundings).context("openidconnect")?;
    oauth_native_app::run(&surroundings).context("oauth2")?;
    service::run(&surroundings).context("oauth2")
}

//! `cargo xtask ci`: all that a change must pass, cheapest first, stopping at the first failure.
//! Every step takes the whole workspace with all features, so that no crate is built twice with different ones.

use std::time::Instant;

use anyhow::Context;

use crate::process::{self, Lockfile};
use crate::{
    api_fuzz, cluster_test, crash, dashboard, examples, interop, monitoring, setup, slow_clients, test, tidy,
};

type Step = (&'static str, fn() -> anyhow::Result<()>);

/// The tests of the database (`cargo xtask db check`) are part of `test`.
const STEPS: [Step; 14] = [
    ("tidy", || tidy::check(Lockfile::AsCommitted)),
    ("fmt", || process::run(process::command("cargo").args(["fmt", "--all", "--check"]))),
    ("setup", || setup::run(&[])),
    ("clippy", clippy),
    ("doc", doc),
    ("test", || test::run_all(Lockfile::AsCommitted, &[])),
    ("examples", examples::run_built),
    // These run the server that the tests have built.
    ("crash", crash::run_some),
    ("cluster-test", cluster_test::run_some),
    ("slow-clients", slow_clients::run_some),
    ("monitoring", monitoring::run_built),
    ("api-fuzz", api_fuzz::run_some),
    ("interop", interop::run_built),
    ("dashboard", dashboard::run_built),
];

pub(crate) fn run(_arguments: &[String]) -> anyhow::Result<()> {
    let begin = Instant::now();
    for (name, step) in STEPS {
        println!("== {name}");
        let step_begin = Instant::now();
        let outcome = step();
        println!("== {name}: {}, {:.1} s", shown(&outcome), step_begin.elapsed().as_secs_f32());
        outcome.with_context(|| format!("stopped at {name} after {:.1} s", begin.elapsed().as_secs_f32()))?;
    }
    println!("== ci: all {} steps passed, {:.1} s", STEPS.len(), begin.elapsed().as_secs_f32());
    Ok(())
}

fn shown(outcome: &anyhow::Result<()>) -> &'static str {
    if outcome.is_ok() { "passed" } else { "FAILED" }
}

fn clippy() -> anyhow::Result<()> {
    let mut command = process::cargo("clippy", Lockfile::AsCommitted);
    process::run(command.args(["--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"]))
}

fn doc() -> anyhow::Result<()> {
    let mut command = process::cargo("doc", Lockfile::AsCommitted);
    process::run(
        command.args(["--workspace", "--all-features", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
    )
}

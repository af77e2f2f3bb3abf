//! `cargo xtask bench`: how fast a release build is, side by side with something bare in the same run. It measures;
//! it has no opinion on what is fast enough.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::installation::NO_LIMIT_BITES;
use crate::process::{self, Lockfile};
use crate::setup;
use fleet::Fleet;
use lane::{Lane, Subject};
use measured::Measured;
use placement::Placement;
use report::{Report, Row, Way};
use running_server::RunningServer;

mod fleet;
mod introspection;
mod lane;
mod latency;
mod load;
mod measured;
mod overload;
mod pages;
mod placement;
mod registry;
mod report;
mod restart;
mod running_server;
mod token;
mod verify;

const WHAT: &str = "say `bench token`, `bench introspection`, `bench restart`, `bench verify`, `bench registry`, `bench pages` or `bench overload`";

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let (what, rest) = arguments.split_first().context(WHAT)?;
    match what.as_str() {
        "token" => token::run(rest),
        "introspection" => introspection::run(rest),
        "restart" => restart::run(rest),
        "verify" => verify::run(rest),
        "registry" => registry::run(rest),
        "pages" => pages::run(rest),
        "overload" => overload::run(rest),
        _ => bail!("there is no `bench {what}`; {WHAT}"),
    }
}

/// What all measurements of a run share.
struct Bench {
    placement: Placement,
    programs: PathBuf,
    scratch: PathBuf,
}

impl Bench {
    /// Builds what is measured, and says on what machine.
    fn prepare() -> anyhow::Result<Self> {
        setup::load_generator()?;
        build_programs()?;
        Ok(Self::of_built(programs()))
    }

    /// Takes what was built, and says on what machine.
    fn of_built(programs: PathBuf) -> Self {
        let placement = Placement::find();
        println!("{}", placement.machine());
        println!("{}", placement.describe());
        Self { placement, programs, scratch: process::root().join("target/bench") }
    }

    /// Fills a new database, in the place of the one before.
    fn seed(&self, apps: u32, live: u32) -> anyhow::Result<Fleet> {
        self.seed_with(apps, live, &[])
    }

    /// The same with so many apps in each tenant, whose request bodies come tenant by tenant.
    fn seed_in_order(&self, apps: u32, apps_per_tenant: u32) -> anyhow::Result<Fleet> {
        self.seed_with(apps, apps, &["--in-order", "--apps-per-tenant", &apps_per_tenant.to_string()])
    }

    fn seed_with(&self, apps: u32, live: u32, more: &[&str]) -> anyhow::Result<Fleet> {
        let data = fresh_folder(&self.scratch)?.join(format!("{apps}-apps"));
        let mut command = self.program("turnkeep-bench");
        command.arg("seed").arg("--data").arg(&data).arg("--apps").arg(apps.to_string()).args(more);
        process::run(&mut command)?;
        Ok(Fleet { data, apps, live: live.min(apps) })
    }

    /// Starts a server whose rate limits are looked at and never bite.
    fn start(&self, subject: Subject, fleet: &Fleet) -> anyhow::Result<RunningServer> {
        self.start_limited(subject, fleet, &NO_LIMIT_BITES)
    }

    /// Starts a server with the rate limits that it has by default, unless a setting says otherwise.
    fn start_limited(
        &self,
        subject: Subject,
        fleet: &Fleet,
        settings: &[(&str, &str)],
    ) -> anyhow::Result<RunningServer> {
        let program = self.programs.join(subject.program());
        RunningServer::start(subject, &self.placement, &program, &fleet.data, settings)
            .with_context(|| format!("could not start {}", program.display()))
    }

    fn program(&self, name: &str) -> Command {
        process::command(&self.programs.join(name).to_string_lossy())
    }

    /// It holds keys and secrets, if only of apps that are good for nothing.
    fn clean_up(&self) -> anyhow::Result<()> {
        std::fs::remove_dir_all(&self.scratch).context("could not remove the measured data")
    }
}

fn programs() -> PathBuf {
    process::root().join("target/release")
}

fn build_programs() -> anyhow::Result<()> {
    let mut build = process::cargo("build", Lockfile::MayChange);
    process::run(build.args(["--release", "--package", "turnkeep", "--package", "turnkeep-bench"]))
}

/// Fills a folder's database with so many apps, so many in each tenant.
fn seeding(programs: &Path, folder: &Path, (apps, apps_per_tenant): (u32, u32)) -> Command {
    let mut command = process::mortal_command(&programs.join("turnkeep-bench"));
    command.arg("seed").arg("--data").arg(folder).args(["--apps", &apps.to_string()]);
    command.args(["--apps-per-tenant", &apps_per_tenant.to_string()]);
    command
}

fn fresh_folder(path: &Path) -> anyhow::Result<&Path> {
    if path.exists() {
        std::fs::remove_dir_all(path).with_context(|| format!("could not empty {}", path.display()))?;
    }
    std::fs::create_dir_all(path).with_context(|| format!("could not make {}", path.display()))?;
    Ok(path)
}

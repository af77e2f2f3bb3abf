//! `cargo xtask bench token`: how fast a release build issues tokens, side by side with a bare prototype that does
//! nothing but what a token cannot do without. It measures; it has no opinion on what is fast enough.
//! `bench registry` has a file of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::process::{self, Lockfile};
use crate::setup;
use lane::{Lane, Subject};
use load::Load;
use options::{Options, positive};
use placement::Placement;
use report::{Report, Row};
use running_server::RunningServer;

mod lane;
mod load;
mod options;
mod placement;
mod registry;
mod report;
mod running_server;

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    match arguments.split_first() {
        Some((what, rest)) if what == "token" => token(&Options::parse(rest)?),
        Some((what, rest)) if what == "registry" => registry::run(rest),
        Some(_) | None => bail!("say `bench token` or `bench registry`"),
    }
}

/// What all measurements of a run share.
struct Bench<'a> {
    options: &'a Options,
    placement: Placement,
    programs: PathBuf,
}

fn token(options: &Options) -> anyhow::Result<()> {
    setup::load_generator()?;
    let mut build = process::cargo("build", Lockfile::MayChange);
    process::run(build.args(["--release", "--package", "turnkeep", "--package", "turnkeep-bench"]))?;

    let placement = Placement::find();
    println!("{}", placement.machine());
    println!("{}", placement.describe());
    println!("release build; {}", options.describe());
    let bench = Bench { options, placement, programs: process::root().join("target/release") };
    let scratch = process::root().join("target/bench");
    let mut report = Report::start();
    for (index, apps) in options.apps.iter().enumerate() {
        let data = fresh_folder(&scratch)?.join(format!("{apps}-apps"));
        bench.seed(&data, *apps)?;
        if index == 0 {
            bench.measure_floor(&data, *apps, &mut report)?;
        }
        bench.measure_fleet(&data, *apps, &mut report)?;
    }
    // It holds keys and secrets, if only of apps that are good for nothing.
    std::fs::remove_dir_all(&scratch).context("could not remove the measured data")
}

fn fresh_folder(path: &Path) -> anyhow::Result<&Path> {
    if path.exists() {
        std::fs::remove_dir_all(path).with_context(|| format!("could not empty {}", path.display()))?;
    }
    std::fs::create_dir_all(path).with_context(|| format!("could not make {}", path.display()))?;
    Ok(path)
}

impl Bench<'_> {
    fn seed(&self, data: &Path, apps: u32) -> anyhow::Result<()> {
        let mut command = self.program("turnkeep-bench");
        command.arg("seed").arg("--data").arg(data).arg("--apps").arg(apps.to_string());
        process::run(&mut command)
    }

    /// How fast HTTP alone is. It does not depend on the apps.
    fn measure_floor(&self, data: &Path, apps: u32, report: &mut Report) -> anyhow::Result<()> {
        for subject in [Subject::Prototype, Subject::Server] {
            let server = self.start(subject, data)?;
            self.measure(&server, Lane::Floor, data, apps, report)?;
        }
        Ok(())
    }

    /// Each lane of the real server comes right after the prototype's, which idles meanwhile, so that a machine
    /// that gets slower or faster during the run does so for both.
    fn measure_fleet(&self, data: &Path, apps: u32, report: &mut Report) -> anyhow::Result<()> {
        let prototype = self.start(Subject::Prototype, data)?;
        self.measure(&prototype, Lane::Unsigned, data, apps, report)?;
        for algorithm in &self.options.algorithms {
            let lane = Lane::Token(*algorithm);
            self.measure(&prototype, lane, data, apps, report)?;
            // Started anew for each lane, so that its memory is that lane's own.
            let server = self.start(Subject::Server, data)?;
            self.measure(&server, lane, data, apps, report)?;
        }
        Ok(())
    }

    fn measure(
        &self,
        server: &RunningServer,
        lane: Lane,
        data: &Path,
        apps: u32,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let context = || format!("{} with {apps} apps", server.subject().describe(lane));
        let bodies = data.join("bodies.txt");
        lane.check_answer(server, &bodies).with_context(context)?;
        let load = Load { placement: &self.placement, url: server.url(lane), lane, bodies: &bodies };
        load.run(self.options.warm_up).with_context(context)?;
        let measured = load.run(self.options.measured).with_context(context)?;
        let memory = server.resident_bytes().with_context(context)?;
        report.add(Row { subject: server.subject(), lane, apps, measured, memory });
        Ok(())
    }

    fn start(&self, subject: Subject, data: &Path) -> anyhow::Result<RunningServer> {
        let program = self.programs.join(subject.program());
        RunningServer::start(subject, &self.placement, &program, data)
            .with_context(|| format!("could not start {}", program.display()))
    }

    fn program(&self, name: &str) -> Command {
        process::command(&self.programs.join(name).to_string_lossy())
    }
}

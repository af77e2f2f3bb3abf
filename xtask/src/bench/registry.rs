//! `cargo xtask bench registry`: how long the management API takes over 100,000 apps in 10,000 tenants, one request
//! after the other, beside a request that needs no record at all.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use super::latency::Latency;
use super::{build_programs, fresh_folder, programs, seeding};
use crate::arguments::{pairs, positive};
use crate::installation::Installation;
use crate::management::fetch_token;
use crate::postgres_cluster::{Durability, PostgresCluster};
use crate::process;
use crate::setup;
use probe::Probe;
use questions::Question;

mod probe;
mod questions;

const USAGE: &str = "options are --apps N, --apps-per-tenant N, --seconds N (for each line) and \
                     --database sqlite|postgres|both";
/// One app in so many is disabled.
const DISABLED: &str = "50";
/// More answers than these make no figure better.
const MOST_ANSWERS: usize = 2_000;

/// The choices.
struct Options {
    apps: u32,
    apps_per_tenant: u32,
    measured: Duration,
    databases: &'static [Database],
}

#[derive(Debug, Clone, Copy)]
enum Database {
    Sqlite,
    Postgres,
}

impl Options {
    fn parse(arguments: &[String]) -> anyhow::Result<Self> {
        let both = &[Database::Sqlite, Database::Postgres];
        let measured = Duration::from_secs(2);
        let mut options = Self { apps: 100_000, apps_per_tenant: 10, measured, databases: both };
        for pair in pairs(arguments, USAGE) {
            let (name, value) = pair?;
            match (name, value) {
                ("--apps", _) => options.apps = positive(value, USAGE)?,
                ("--apps-per-tenant", _) => options.apps_per_tenant = positive(value, USAGE)?,
                ("--seconds", _) => options.measured = Duration::from_secs(positive(value, USAGE)?.into()),
                ("--database", "sqlite") => options.databases = &[Database::Sqlite],
                ("--database", "postgres") => options.databases = &[Database::Postgres],
                ("--database", "both") => {}
                _ => bail!("there is no {name} {value}; {USAGE}"),
            }
        }
        Ok(options)
    }
}

pub(super) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    build_programs()?;
    let programs = programs();
    println!(
        "release build; {} apps in {} tenants; one request after the other, at most {} s for each line",
        options.apps,
        options.apps.div_ceil(options.apps_per_tenant),
        options.measured.as_secs()
    );
    for database in options.databases {
        measure(&options, *database, &programs).with_context(|| format!("{database:?}"))?;
    }
    Ok(())
}

fn measure(options: &Options, database: Database, programs: &Path) -> anyhow::Result<()> {
    let (_cluster, url) = match database {
        Database::Sqlite => (None, None),
        Database::Postgres => {
            setup::database()?;
            let cluster = PostgresCluster::start(Durability::OnDisk)?;
            let url = cluster.create_database("turnkeep")?;
            (Some(cluster), Some(url))
        }
    };
    let scratch = process::root().join("target/bench");
    let folder = fresh_folder(&scratch)?.join("registry");
    let begin = Instant::now();
    seed(options, programs, &folder, url.as_deref())?;
    println!("\n{database:?}, filled in {:.0} s:\n", begin.elapsed().as_secs_f32());

    let installation = Installation::filled(&programs.join("turnkeep"), &folder, url)?;
    let server = installation.start()?;
    let token = fetch_token(server.address(), &installation.operator()?)?;
    let mut probe = Probe::new(server.address(), &token);
    let failed = measure_all(&mut probe, options.measured)?;
    drop(server);
    std::fs::remove_dir_all(&scratch).context("could not remove the measured data")?;
    ensure!(failed == 0, "{failed} of the questions were not answered with 200");
    Ok(())
}

/// Prints the table. Returns how many questions had no answer.
fn measure_all(probe: &mut Probe, measured: Duration) -> anyhow::Result<usize> {
    let questions = Question::all(probe)?;
    println!("| {:<42} | {:>8} | {:>8} | times liveness |", "", "p50 ms", "p99 ms");
    println!("|{:-<44}|{:->10}|{:->10}|{:->16}|", "", ":", ":", ":");
    let liveness = Question::floor();
    let floor = latency(probe, &liveness, measured)?;
    print_line(liveness.name, &floor, &floor);
    let mut failed = 0;
    for question in &questions {
        match latency(probe, question, measured) {
            Ok(latency) => print_line(question.name, &latency, &floor),
            Err(error) => {
                println!("| {:<42} | {error:#}", question.name);
                failed += 1;
            }
        }
    }
    Ok(failed)
}

fn latency(probe: &mut Probe, question: &Question, measured: Duration) -> anyhow::Result<Latency> {
    Latency::measure(&question.paths, |path| probe.ask(path).map(drop), measured, MOST_ANSWERS)
}

fn print_line(name: &str, latency: &Latency, floor: &Latency) {
    let millis = |duration: Duration| duration.as_secs_f64() * 1e3;
    println!(
        "| {name:<42} | {:>8.2} | {:>8.2} | {:>14.1} |",
        millis(latency.p50),
        millis(latency.p99),
        latency.p50.as_secs_f64() / floor.p50.as_secs_f64()
    );
}

fn seed(options: &Options, programs: &Path, folder: &Path, url: Option<&str>) -> anyhow::Result<()> {
    let mut command = seeding(programs, folder, (options.apps, options.apps_per_tenant));
    command.args(["--disable-each", DISABLED]);
    if let Some(url) = url {
        // Not an argument: others can see those.
        command.env("TURNKEEP_DATABASE", url);
    }
    process::run(&mut command)
}

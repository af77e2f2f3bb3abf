//! `cargo xtask crash`: kills the server while it is changed from several sides, starts it again on the same data,
//! and holds what it finds against what was acknowledged: records, secrets, audit events, and their chain.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use serde_json::json;

use crate::installation::{Installation, RunningServer, built_server, server_to_test};
use crate::management::{Api, fetch_token, text};
use crate::postgres_cluster::{Durability, PostgresCluster};
use crate::process;
use crate::random::Chance;
use crate::setup;
use holdings::Holdings;
use options::{Backend, Options};
use trail::Trail;
use worker::Shift;

mod comparison;
mod doubt;
mod holdings;
mod operation;
mod options;
mod record;
mod trail;
mod worker;

/// More than the machines that this runs on have cores, so that mutations wait for each other.
const WORKERS: u32 = 6;
/// The server dies so long after the work began, at the latest.
const LONGEST_SHIFT: Duration = Duration::from_millis(800);

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    test(&options, &server_to_test(options.program.as_deref())?)
}

/// A few rounds with what the tests have built.
pub(crate) fn run_some() -> anyhow::Result<()> {
    let backends = vec![Backend::Sqlite, Backend::Postgres];
    let options = Options { rounds: 4, backends, seed: Chance::new_seed()?, program: None };
    test(&options, &built_server())
}

fn test(options: &Options, program: &Path) -> anyhow::Result<()> {
    for backend in &options.backends {
        let begin = Instant::now();
        let folder = process::root().join("target/crash");
        let tally = Site::prepare(*backend, program, &folder)?
            .survive(options)
            .with_context(|| format!("{backend:?}, seed {}", options.seed))?;
        println!(
            "{backend:?}: {} rounds, {} mutations acknowledged, {} left open of which {} had happened, {:.1} s \
             (seed {})",
            options.rounds,
            tally.acknowledged,
            tally.in_doubt,
            tally.appeared,
            begin.elapsed().as_secs_f32(),
            options.seed
        );
    }
    Ok(())
}

/// What happened in all rounds.
#[derive(Default)]
struct Tally {
    acknowledged: usize,
    in_doubt: usize,
    appeared: usize,
}

/// A server with its database.
struct Site {
    installation: Installation,
    cluster: Option<PostgresCluster>,
}

impl Site {
    fn prepare(backend: Backend, program: &Path, folder: &Path) -> anyhow::Result<Self> {
        let (cluster, url) = match backend {
            Backend::Sqlite => (None, None),
            Backend::Postgres => {
                setup::database()?;
                let cluster = PostgresCluster::start(Durability::OnDisk)?;
                let url = cluster.create_database("turnkeep")?;
                (Some(cluster), Some(url))
            }
        };
        Ok(Self { installation: Installation::create(program, folder, url)?, cluster })
    }

    fn survive(mut self, options: &Options) -> anyhow::Result<Tally> {
        let mut chance = Chance::from_seed(options.seed);
        let mut server = self.installation.start()?;
        let mut api = self.operator(&server)?;
        let (region, database) = make_region(&mut api)?;
        let mut workers: Vec<Holdings> = (1..=WORKERS)
            .map(|number| Holdings::new(format!("worker-{number}"), region.clone(), chance.fork()))
            .collect();
        let mut trail = Trail::begin(&mut api)?;
        let mut tally = Tally::default();
        for round in 1..=options.rounds {
            let context = || format!("round {round}");
            let (shifts, survivor) =
                self.work_until_crash(workers, server, &mut chance).with_context(context)?;
            server = survivor;
            let all = round == options.rounds;
            workers = self.check(shifts, &server, &mut trail, &mut tally, all).with_context(context)?;
        }
        let apps = workers.iter().flat_map(|holdings| &holdings.records).filter(|record| record.is_app());
        check_room(&mut self.operator(&server)?, &region, &database, apps.count())?;
        server.kill()?;
        self.installation.remove()?;
        Ok(tally)
    }

    /// Returns what the workers know, and a server that runs again.
    fn work_until_crash(
        &mut self,
        workers: Vec<Holdings>,
        server: RunningServer,
        chance: &mut Chance,
    ) -> anyhow::Result<(Vec<Shift>, RunningServer)> {
        let address = server.address();
        let token = fetch_token(address, &self.installation.operator()?)?;
        let longest = u64::try_from(LONGEST_SHIFT.as_micros())?;
        let until_crash = Duration::from_micros(chance.below(longest));
        let crashes_database = self.cluster.is_some() && chance.below(2) == 0;
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            let (token, over) = (token.as_str(), &over);
            let working: Vec<_> = workers
                .into_iter()
                .map(|holdings| scope.spawn(move || Shift::work(holdings, address, token, over)))
                .collect();
            thread::sleep(until_crash);
            let survivor = if crashes_database { self.crash_database(server) } else { self.crash(server) };
            // Who had nothing under way while the database was gone has noticed nothing.
            over.store(true, Ordering::Relaxed);
            let join = |thread: thread::ScopedJoinHandle<'_, anyhow::Result<Shift>>| {
                thread.join().map_err(|_| anyhow!("a worker panicked"))?
            };
            let shifts = working.into_iter().map(join).collect::<Result<_, _>>()?;
            Ok((shifts, survivor?))
        })
    }

    fn crash(&mut self, server: RunningServer) -> anyhow::Result<RunningServer> {
        server.kill()?;
        self.verify_chain()?;
        self.installation.start()
    }

    /// The server stays and has to find its way back.
    fn crash_database(&mut self, mut server: RunningServer) -> anyhow::Result<RunningServer> {
        if let Some(cluster) = &mut self.cluster {
            cluster.stop_immediately()?;
            cluster.start_again()?;
        }
        self.verify_chain()?;
        server.wait_until_ready()?;
        Ok(server)
    }

    fn verify_chain(&self) -> anyhow::Result<()> {
        process::output(&mut self.installation.command(&["audit", "verify"]))?;
        Ok(())
    }

    fn check(
        &self,
        shifts: Vec<Shift>,
        server: &RunningServer,
        trail: &mut Trail,
        tally: &mut Tally,
        all: bool,
    ) -> anyhow::Result<Vec<Holdings>> {
        let mut api = self.operator(server)?;
        let mut appeared = Vec::new();
        let mut workers = Vec::new();
        for shift in shifts {
            let Shift { mut holdings, acknowledged, in_doubt } = shift;
            tally.acknowledged += acknowledged.len();
            trail.acknowledge(acknowledged);
            if let Some(operation) = in_doubt {
                tally.in_doubt += 1;
                appeared.extend(doubt::resolve(&mut api, &mut holdings, &operation)?);
            }
            comparison::compare(&mut api, server.address(), &mut holdings, all)?;
            workers.push(holdings);
        }
        tally.appeared += appeared.len();
        trail.check(&mut api, appeared)?;
        Ok(workers)
    }

    fn operator(&self, server: &RunningServer) -> anyhow::Result<Api> {
        let token = fetch_token(server.address(), &self.installation.operator()?)?;
        Ok(Api::with_token(server.address(), &token))
    }
}

/// A region with one database, in which all apps are placed, and a scope that all apps have.
fn make_region(api: &mut Api) -> anyhow::Result<(String, String)> {
    let resource = api.create("/resources", &json!({"audience": "Crash.API", "name": "Crash"}))?;
    let scopes = format!("/resources/{}/scopes", text(&resource, "id")?);
    api.create(&scopes, &json!({"name": "read", "grant": "default"}))?;
    let region = text(&api.create("/regions", &json!({"code": "eu-west", "name": "EU West"}))?, "id")?;
    let body = json!({"db_code": "EU1", "capacity": 1_000_000});
    let database = text(&api.create(&format!("/regions/{region}/databases"), &body)?, "id")?;
    Ok((region, database))
}

/// The room that apps take is counted beside them, in the same transactions.
fn check_room(api: &mut Api, region: &str, database: &str, apps: usize) -> anyhow::Result<()> {
    let databases = api.list(&format!("/regions/{region}/databases"), "")?;
    let found = databases.iter().find(|found| found.get("id") == Some(&json!(database)));
    let count = found.and_then(|found| found.get("app_count")).context("the region's database is lost")?;
    anyhow::ensure!(*count == json!(apps), "the database counts {count} apps, and there are {apps}");
    Ok(())
}

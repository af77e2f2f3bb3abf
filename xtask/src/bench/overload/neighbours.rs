//! One tenant that asks a hundred times as much as each of fifty others, with the limits that a server has by
//! default. The others are also measured alone before and after: machines are not equally fast all the time.

use std::path::PathBuf;

use anyhow::Context;

use super::super::Bench;
use super::super::lane::{Algorithm, Lane, Subject};
use super::super::running_server::RunningServer;
use super::Options;
use super::crowd::{Asks, Crowd, Group};
use super::figures::Figures;
use super::table;

const QUIET: u32 = 50;
/// What each of the quiet tenants asks for in a second; the limit of a client is 10.
const QUIET_RATE: u32 = 8;
const NOISY_RATE: u32 = 100 * QUIET_RATE;
const APPS_PER_TENANT: u32 = 100;
/// The allowance that the noisy tenant has saved up is spent after that many seconds.
const WARM_UP: u64 = 10;

pub(super) fn run(bench: &Bench, options: &Options) -> anyhow::Result<()> {
    let fleet = bench.seed_in_order((QUIET + 1) * APPS_PER_TENANT, APPS_PER_TENANT)?;
    let bodies = fleet.forms(Lane::Unsigned).context("a token takes a form")?.read()?;
    let step = usize::try_from(APPS_PER_TENANT)?;
    let suffix = Lane::Unsigned.suffix();
    let own: Vec<_> = bodies.iter().map(|body| body.strip_suffix(suffix.as_str()).unwrap_or(body)).collect();
    let (quiet, noisy) = own.split_at_checked(usize::try_from(QUIET)? * step).context("apps are missing")?;
    let files = Files { quiet: fleet.data.join("quiet.txt"), noisy: fleet.data.join("noisy.txt") };
    std::fs::write(&files.quiet, quiet.iter().copied().step_by(step).collect::<Vec<_>>().join("\n"))?;
    std::fs::write(&files.noisy, noisy.join("\n"))?;

    table::head(&format!(
        "neighbours: {QUIET} tenants with {QUIET_RATE} requests a second each; with one that sends {NOISY_RATE} from \
         {APPS_PER_TENANT} apps and addresses; default limits"
    ));
    for algorithm in &options.algorithms {
        let settings = [("TRUSTED_PROXIES", "127.0.0.1")];
        let server = bench.start_limited(Subject::Server, &fleet, &settings)?;
        let lasts = options.lasts.as_secs();
        Neighbours { bench, server, files: &files, algorithm: *algorithm, lasts }.measure()?;
    }
    Ok(())
}

/// The request bodies of both sides.
struct Files {
    quiet: PathBuf,
    noisy: PathBuf,
}

struct Neighbours<'a> {
    bench: &'a Bench,
    server: RunningServer,
    files: &'a Files,
    algorithm: Algorithm,
    /// Of what counts, in seconds.
    lasts: u64,
}

impl Neighbours<'_> {
    fn measure(&self) -> anyhow::Result<()> {
        let lane = Lane::Token(self.algorithm);
        let named = |what: &str| format!("{}, {what}", lane.name());
        let alone = self.ask(lane, false)?;
        let beside = self.ask(lane, true)?;
        let again = self.ask(lane, false)?;
        [&alone, &beside, &again].into_iter().for_each(table::warn);
        let (before, during, after) = (alone.of("quiet")?, beside.of("quiet")?, again.of("quiet")?);
        table::line(&named("quiet alone"), before);
        table::line(&named("quiet beside the noisy one"), during);
        table::line(&named("the noisy one"), beside.of("noisy")?);
        table::line(&named("quiet alone again"), after);
        let of_before =
            |micros: f64| -> anyhow::Result<f64> { Ok(100.0 * (micros / before.p99()?.as_secs_f64() - 1.0)) };
        println!(
            "{}: p99 of the quiet ones {:+.0} % (alone again: {:+.0} %; wanted: at most 20 % more), {} of their \
             requests refused or failed, {} in the {WARM_UP} s before what counts (wanted: none)",
            lane.name(),
            of_before(during.p99()?.as_secs_f64())?,
            of_before(after.p99()?.as_secs_f64())?,
            during.total.refused() + during.total.failed(),
            during.slices.iter().map(|part| part.refused() + part.failed()).sum::<u64>()
                - during.total.refused()
                - during.total.failed()
        );
        Ok(())
    }

    fn ask(&self, lane: Lane, with_noisy: bool) -> anyhow::Result<Figures> {
        let seconds = WARM_UP + self.lasts;
        let quiet = Group {
            name: "quiet",
            asks: Asks::Own(&self.files.quiet, QUIET),
            connections: QUIET,
            rate: Some(QUIET * QUIET_RATE),
            from: 0,
            seconds,
            warm_up: WARM_UP,
            addresses: Some((QUIET, 1)),
        };
        let noisy = Group {
            name: "noisy",
            asks: Asks::Own(&self.files.noisy, APPS_PER_TENANT),
            connections: APPS_PER_TENANT,
            rate: Some(NOISY_RATE),
            addresses: Some((APPS_PER_TENANT, 2)),
            ..quiet
        };
        let crowd = Crowd::before(self.bench, &self.server, lane).with(&quiet);
        if with_noisy { crowd.with(&noisy).ask() } else { crowd.ask() }
    }
}

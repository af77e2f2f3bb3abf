//! Client ids that nobody has, each from another address, and what they leave behind in memory and in the metrics.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use anyhow::ensure;

use super::super::Bench;
use super::super::lane::{Algorithm, Lane, Subject};
use super::super::running_server::RunningServer;
use super::Options;
use super::crowd::{Asks, Crowd, Group};
use super::table;
use super::watch::most_memory;
use crate::http;

/// Some signals of the guard are differences between two of its samples.
const FIRST_SAMPLES: Duration = Duration::from_secs(1);
/// In a second.
const RATE: u32 = 5_000;

pub(super) fn run(bench: &Bench, options: &Options) -> anyhow::Result<()> {
    let fleet = bench.seed(100, 1)?;
    let lane = Lane::Token(Algorithm::Es256);
    let server = bench.start_limited(Subject::Server, &fleet, &[("TRUSTED_PROXIES", "127.0.0.1")])?;
    lane.check_answer(&server, &fleet)?;
    table::head(&format!(
        "strangers: {} client ids that nobody has, from 65536 addresses, three times; default limits",
        options.strangers
    ));
    thread::sleep(FIRST_SAMPLES);
    let (memory, series) = (server.resident_bytes()?, series(&server)?);
    let mut memory = vec![table::mebibytes(memory)];
    // From other addresses each time, so that whatever grows with them goes on growing.
    for network in [1, 2, 3] {
        let group = Group {
            name: "strangers",
            asks: Asks::Strangers,
            connections: 64,
            rate: Some(RATE.min(options.strangers)),
            from: 0,
            seconds: u64::from(options.strangers.div_ceil(RATE)),
            warm_up: 0,
            addresses: Some((1 << 16, network)),
        };
        let crowd = Crowd::before(bench, &server, lane).with(&group);
        let (figures, most) = most_memory(&server, || crowd.ask())?;
        table::line("strangers (401 counts as failed)", figures.of("strangers")?);
        memory.extend([most, server.resident_bytes()?].map(table::mebibytes));
    }
    println!(
        "memory before, and at most and after each of them: {memory:?} MiB (wanted: no growth in the end)"
    );
    let now = self::series(&server)?;
    let new: Vec<_> = now.difference(&series).collect();
    println!("{} series of metrics before, {} after, new: {new:?} (wanted: none)", series.len(), now.len());
    Ok(())
}

/// The names of all series, with their labels.
fn series(server: &RunningServer) -> anyhow::Result<BTreeSet<String>> {
    let answer = http::get(server.address(), "/metrics")?;
    ensure!(answer.status == 200, "/metrics answered {}", answer.status);
    let lines = answer.body.lines().filter(|line| !line.starts_with('#'));
    Ok(lines.filter_map(|line| line.rsplit_once(' ')).map(|(name, _)| name.to_owned()).collect())
}

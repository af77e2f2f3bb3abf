//! Ten times as many requests for tokens as the server can answer. Rate limits are off, for they would bite first:
//! this is about what is left when they do not.

use std::time::Duration;

use super::super::Bench;
use super::super::fleet::{Fleet, Forms};
use super::super::lane::{Algorithm, Lane, Subject};
use super::super::running_server::RunningServer;
use super::Options;
use super::crowd::{Asks, Crowd, Group};
use super::figures::Figures;
use super::table;
use super::watch::most_memory;
use anyhow::Context;

const APPS: u32 = 10_000;
/// Enough to keep the server busy, and few enough that none of them waits long.
const CONNECTIONS: u32 = 16;
/// How long the calm before and after the flood is measured, in seconds.
const CALM: u64 = 10;
/// How long the flood is that shows how much memory so many connections take, in seconds.
const FIRST_FLOOD: u64 = 3;
/// A server may take so long to find its balance; the slices before show in no other figure.
const FIRST: u64 = 1;

pub(super) fn run(bench: &Bench, options: &Options) -> anyhow::Result<()> {
    let fleet = bench.seed(APPS, APPS)?;
    table::head(&format!(
        "flood: {} s of ten times the capacity over {} connections; no rate limits",
        options.lasts.as_secs(),
        options.connections
    ));
    for algorithm in &options.algorithms {
        Flood::new(bench, &fleet, *algorithm)?.measure(options)?;
    }
    Ok(())
}

struct Flood<'a> {
    bench: &'a Bench,
    server: RunningServer,
    lane: Lane,
    forms: Forms,
}

impl<'a> Flood<'a> {
    fn new(bench: &'a Bench, fleet: &Fleet, algorithm: Algorithm) -> anyhow::Result<Self> {
        let lane = Lane::Token(algorithm);
        let server = bench.start_limited(Subject::Server, fleet, &[("RATE_LIMITS", "off")])?;
        lane.check_answer(&server, fleet)?;
        let forms = fleet.forms(lane).context("a token takes a form")?;
        Ok(Self { bench, server, lane, forms })
    }

    fn measure(&self, options: &Options) -> anyhow::Result<()> {
        let named = |what: &str| format!("{}, {what}", self.lane.name());
        let figures = self.ask(&[self.group("capacity", None, 5)])?;
        let capacity = figures.of("capacity")?;
        table::warn(&figures);
        table::line(&named("as fast as it answers"), capacity);
        let tenth = rate(capacity.goodput() / 10.0)?;
        let calm = self.ask(&[self.group("calm", Some(tenth), CALM)])?;
        let calm = calm.of("calm")?;
        table::line(&named("a tenth of that"), calm);

        let flood = |seconds: u64| -> anyhow::Result<_> {
            Ok(Group {
                connections: options.connections,
                warm_up: FIRST.min(seconds.saturating_sub(1)),
                seconds,
                ..self.group("flood", Some(rate(capacity.goodput() * 10.0)?), seconds)
            })
        };
        let after =
            |from| Group { from, warm_up: 0, seconds: CALM, ..self.group("after", Some(tenth), CALM) };
        let mut memory = vec![self.server.resident_bytes()?];
        self.ask(&[flood(FIRST_FLOOD)?, after(FIRST_FLOOD)])?;
        memory.push(self.server.resident_bytes()?);
        let lasts = options.lasts.as_secs();
        let (figures, most) = most_memory(&self.server, || self.ask(&[flood(lasts)?, after(lasts)]))?;
        memory.extend([most, self.server.resident_bytes()?]);
        let (flood, after) = (figures.of("flood")?, figures.of("after")?);
        table::line(&named("ten times that"), flood);
        table::line(&named("a tenth again"), after);
        table::warn(&figures);

        println!(
            "{}: goodput {:.0} % of the capacity (wanted: at least 90 %), p99 {:.1} times that of a tenth (wanted: at \
             most 5)",
            self.lane.name(),
            100.0 * flood.goodput() / capacity.goodput(),
            flood.p99()?.as_secs_f64() / calm.p99()?.as_secs_f64()
        );
        let recovered = after.served_well_after(calm.p99()? * 2);
        println!(
            "{}: served as before, with a p99 of at most twice that, {} (wanted: within 5 s)",
            self.lane.name(),
            recovered.map_or_else(|| "never again".to_owned(), after_seconds)
        );
        println!(
            "{}: memory before, after {FIRST_FLOOD} s of it, at most and after {lasts} s of it: {:?} MiB (wanted: no \
             growth after the first)",
            self.lane.name(),
            memory.into_iter().map(table::mebibytes).collect::<Vec<_>>()
        );
        Ok(())
    }

    /// Counted after two seconds of warm-up.
    fn group<'b>(&'b self, name: &'b str, rate: Option<u32>, seconds: u64) -> Group<'b> {
        Group {
            name,
            asks: Asks::Own(&self.forms.file, self.forms.most),
            connections: CONNECTIONS,
            rate,
            from: 0,
            seconds: seconds + 2,
            warm_up: 2,
            addresses: None,
        }
    }

    fn ask(&self, groups: &[Group<'_>]) -> anyhow::Result<Figures> {
        let crowd = Crowd::before(self.bench, &self.server, self.lane);
        groups.iter().fold(crowd, Crowd::with).ask()
    }
}

fn rate(per_second: f64) -> anyhow::Result<u32> {
    let rate: u32 = format!("{per_second:.0}").parse().context("the rate is out of bounds")?;
    Ok(rate.max(1))
}

fn after_seconds(time: Duration) -> String {
    format!("after {:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_whole_number_above_zero() {
        assert_eq!(rate(25_001.6).unwrap(), 25_002);
        assert_eq!(rate(0.2).unwrap(), 1);
        assert!(rate(f64::INFINITY).is_err());
    }
}

//! `cargo xtask bench token`: how fast tokens are issued, beside a bare prototype that does nothing but what a token
//! cannot do without.

use anyhow::Context;

use super::lane::Algorithm;
use super::load::Load;
use super::running_server::MOST_OF_PROTOTYPE;
use super::{Bench, Fleet, Lane, Measured, Report, Row, RunningServer, Subject, Way};
use options::Options;

mod options;

/// With fewer apps, their first requests are over too soon to say anything.
const FEWEST_FIRST: u32 = 1_000;

pub(super) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    let bench = Bench::prepare()?;
    println!("release build; {}", options.describe());
    println!("the prototype knows no more than {MOST_OF_PROTOTYPE} of them");
    let mut tokens = TokenBench { bench, options, report: Report::start() };
    for (index, apps) in tokens.options.apps.clone().into_iter().enumerate() {
        let fleet = tokens.bench.seed(apps, tokens.options.live)?;
        if index == 0 {
            tokens.measure_floor(&fleet)?;
        }
        tokens.measure_fleet(&fleet)?;
    }
    tokens.bench.clean_up()
}

struct TokenBench {
    bench: Bench,
    options: Options,
    report: Report,
}

impl TokenBench {
    /// How fast HTTP alone is. It does not depend on the apps.
    fn measure_floor(&mut self, fleet: &Fleet) -> anyhow::Result<()> {
        for subject in [Subject::Prototype, Subject::Server] {
            let server = self.bench.start(subject, fleet)?;
            self.measure(&server, Lane::Floor, Way::Fastest, fleet)?;
        }
        Ok(())
    }

    /// Each lane of the real server comes right after the prototype's, which idles meanwhile, so that a machine
    /// that gets slower or faster during the run does so for both.
    fn measure_fleet(&mut self, fleet: &Fleet) -> anyhow::Result<()> {
        let prototype = self.bench.start(Subject::Prototype, fleet)?;
        self.measure(&prototype, Lane::Unsigned, Way::Fastest, fleet)?;
        for algorithm in self.options.algorithms.clone() {
            let lane = Lane::Token(algorithm);
            self.measure(&prototype, lane, Way::Fastest, fleet)?;
            // Started anew for each lane, so that its memory is that lane's own.
            let server = self.bench.start(Subject::Server, fleet)?;
            if fleet.live >= FEWEST_FIRST {
                // Afterwards every app that asks has asked, which is what the memory tells of.
                self.measure(&server, lane, Way::First, fleet)?;
            }
            let capacity = self.measure(&server, lane, Way::Fastest, fleet)?;
            if algorithm != Algorithm::Rs256 {
                // Its signature takes many times as long as an empty answer; there is nothing to compare.
                self.measure_latency(&prototype, &server, lane, half(&capacity)?, fleet)?;
            }
        }
        Ok(())
    }

    /// How long answers take when the server has time for as many again.
    fn measure_latency(
        &mut self,
        prototype: &RunningServer,
        server: &RunningServer,
        lane: Lane,
        rate: u32,
        fleet: &Fleet,
    ) -> anyhow::Result<()> {
        for lane in [Lane::Floor, lane] {
            for subject in [prototype, server] {
                self.measure(subject, lane, Way::AtRate(rate), fleet)?;
            }
        }
        Ok(())
    }

    fn measure(
        &mut self,
        server: &RunningServer,
        lane: Lane,
        way: Way,
        fleet: &Fleet,
    ) -> anyhow::Result<Measured> {
        let context = || format!("{} with {} apps", server.subject().describe(lane), fleet.apps);
        let (measured, warm_up) = (self.options.measured, self.options.warm_up);
        let load = Load::of(&self.bench, server, lane, fleet);
        let measure = || match way {
            Way::First => load.once(),
            Way::Fastest => {
                lane.check_answer(server, fleet)?;
                load.fastest(warm_up)?;
                load.fastest(measured)
            }
            Way::AtRate(rate) => load.at_rate(rate, measured, warm_up),
        };
        let measured = measure().with_context(context)?;
        let memory = server.resident_bytes().with_context(context)?;
        self.report.add(Row { subject: server.subject(), lane, way, apps: fleet.apps, measured, memory });
        Ok(measured)
    }
}

fn half(capacity: &Measured) -> anyhow::Result<u32> {
    let rounded = format!("{:.0}", capacity.per_second / 2.0);
    rounded.parse().context("the rate is out of bounds")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn half_of_a_rate_is_a_whole_number() {
        let zero = Duration::ZERO;
        let capacity = |per_second| Measured { per_second, p50: zero, p99: zero, p999: zero };
        assert_eq!(half(&capacity(25_001.4)).unwrap(), 12_501);
        assert!(half(&capacity(f64::INFINITY)).is_err());
    }
}

//! `cargo xtask bench restart`: how soon a server with many apps issues tokens again after it was stopped. Its apps
//! have records that claim the usual scrypt and that no secret matches: a server that ran it would refuse.

use std::time::Duration;

use anyhow::{Context, bail};

use super::lane::Algorithm;
use super::load::Load;
use super::measured::Line;
use super::{Bench, Fleet, Lane, Subject};
use crate::arguments::{pairs, positive};
use crate::{http, process};

const USAGE: &str = "options are --apps N (registered), --first N (of those that ask) and --times N";

/// The choices.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    apps: u32,
    first: u32,
    times: u32,
}

/// What a start took.
struct Restart {
    /// Until it says that it is ready.
    ready: Duration,
    /// Until somebody has a token.
    token: Duration,
    /// Until all have theirs.
    tokens: Duration,
    /// Of a core until it was ready.
    start_cpu: Duration,
    /// Of a core for all tokens.
    tokens_cpu: Duration,
}

impl Options {
    fn parse(arguments: &[String]) -> anyhow::Result<Self> {
        let mut options = Self { apps: 100_000, first: 1_000, times: 5 };
        for pair in pairs(arguments, USAGE) {
            let (name, value) = pair?;
            match name {
                "--apps" => options.apps = positive(value, USAGE)?,
                "--first" => options.first = positive(value, USAGE)?,
                "--times" => options.times = positive(value, USAGE)?,
                _ => bail!("there is no option {name}; {USAGE}"),
            }
        }
        Ok(options)
    }
}

pub(super) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    let bench = Bench::prepare()?;
    let fleet = bench.seed(options.apps, options.first)?;
    println!(
        "release build; {} apps, of which {} ask after the start; database in the file cache",
        fleet.apps, fleet.live
    );
    // What a first start does once is over then.
    measure(&bench, &fleet)?;
    println!(
        "\n| restart | ready ms | first token ms | {:>6} tokens ms | CPU ms of the start | CPU ms of the tokens |",
        fleet.live
    );
    println!("|{:->9}|{:->10}|{:->16}|{:->18}|{:->21}|{:->22}|", ":", ":", ":", ":", ":", ":");
    for time in 1..=options.times {
        let restart = measure(&bench, &fleet)?;
        println!(
            "| {time:>7} | {:>8.0} | {:>14.0} | {:>16.0} | {:>19} | {:>20} |",
            millis(restart.ready),
            millis(restart.token),
            millis(restart.tokens),
            restart.start_cpu.as_millis(),
            restart.tokens_cpu.as_millis(),
        );
    }
    let scrypt = scrypt_time(&bench)? * fleet.live;
    println!("\n{} runs of scrypt would take {} ms of CPU", fleet.live, scrypt.as_millis());
    bench.clean_up()
}

fn measure(bench: &Bench, fleet: &Fleet) -> anyhow::Result<Restart> {
    let lane = Lane::Token(Algorithm::Es256);
    let forms = fleet.forms(lane).context("a token takes a form")?.read()?;
    let form = forms.first().context("there is no request body")?;
    let server = bench.start(Subject::Server, fleet)?;
    let ready = server.age();
    let start_cpu = server.cpu_time()?;
    let answer = http::post_form(server.address(), &server.subject().path(lane), form)?;
    let token = server.age();
    lane.check_token(&answer)?;
    Load::of(bench, &server, lane, fleet).once()?;
    let tokens = server.age();
    let tokens_cpu = server.cpu_time()?.saturating_sub(start_cpu);
    server.stop()?;
    Ok(Restart { ready, token, tokens, start_cpu, tokens_cpu })
}

/// What one check by scrypt takes here.
fn scrypt_time(bench: &Bench) -> anyhow::Result<Duration> {
    let output = process::output(bench.program("turnkeep-bench").arg("scrypt"))?;
    Ok(Duration::from_micros(Line::find(&output)?.value("microseconds")?.into()))
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_numbers() {
        let parse = |text: &str| Options::parse(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let expected = Options { apps: 1_000, first: 10, times: 5 };
        assert_eq!(parse("--apps 1_000 --first 10").unwrap(), expected);
        for wrong in ["--apps", "--first 0", "--tokens 1"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}

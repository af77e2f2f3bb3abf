//! `cargo xtask bench overload`: what a server with one core does when it is asked for ten times what it can, when one
//! tenant asks a hundred times as much as others, when secrets are guessed, and when clients are made up.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};

use super::Bench;
use super::lane::Algorithm;
use crate::arguments::{pairs, positive};

mod busy;
mod crowd;
mod figures;
mod flood;
mod guesses;
mod neighbours;
mod strangers;
mod table;
mod watch;

const USAGE: &str = "options are --scenarios flood,neighbours,guesses,strangers, --algorithms es256,eddsa,rs256, \
                     --seconds N (of each flood), --connections N (of the flood), --guesses N, --strangers N and \
                     --programs FOLDER (instead of a release build)";

/// What can happen to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scenario {
    Flood,
    Neighbours,
    Guesses,
    Strangers,
}

/// The choices.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    scenarios: Vec<Scenario>,
    algorithms: Vec<Algorithm>,
    lasts: Duration,
    connections: u32,
    guesses: u32,
    strangers: u32,
    programs: Option<PathBuf>,
}

impl Scenario {
    fn parse(text: &str) -> anyhow::Result<Self> {
        Ok(match text {
            "flood" => Self::Flood,
            "neighbours" => Self::Neighbours,
            "guesses" => Self::Guesses,
            "strangers" => Self::Strangers,
            _ => bail!("there is no scenario `{text}`; {USAGE}"),
        })
    }
}

impl Options {
    fn parse(arguments: &[String]) -> anyhow::Result<Self> {
        let mut options = Self {
            scenarios: vec![Scenario::Flood, Scenario::Neighbours, Scenario::Guesses, Scenario::Strangers],
            algorithms: vec![Algorithm::Es256, Algorithm::Rs256],
            lasts: Duration::from_secs(15),
            connections: 2_000,
            guesses: 10_000,
            strangers: 100_000,
            programs: None,
        };
        for pair in pairs(arguments, USAGE) {
            let (name, value) = pair?;
            let number = || positive(value, USAGE);
            match name {
                "--scenarios" => {
                    options.scenarios = value.split(',').map(Scenario::parse).collect::<Result<_, _>>()?;
                }
                "--algorithms" => {
                    options.algorithms = value.split(',').map(Algorithm::parse).collect::<Result<_, _>>()?;
                }
                "--seconds" => options.lasts = Duration::from_secs(number()?.into()),
                "--connections" => options.connections = number()?,
                "--guesses" => options.guesses = number()?,
                "--strangers" => options.strangers = number()?,
                "--programs" => options.programs = Some(PathBuf::from(value)),
                _ => bail!("there is no option {name}; {USAGE}"),
            }
        }
        Ok(options)
    }
}

pub(super) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    let bench = match &options.programs {
        Some(programs) => Bench::of_built(std::path::absolute(programs)?),
        None => Bench::prepare()?,
    };
    println!("programs in {}", bench.programs.display());
    for scenario in &options.scenarios {
        match scenario {
            Scenario::Flood => flood::run(&bench, &options).context("flood")?,
            Scenario::Neighbours => neighbours::run(&bench, &options).context("neighbours")?,
            Scenario::Guesses => guesses::run(&bench, &options).context("guesses")?,
            Scenario::Strangers => strangers::run(&bench, &options).context("strangers")?,
        }
    }
    bench.clean_up()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_names_and_numbers() {
        let parse = |text: &str| Options::parse(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let options =
            parse("--scenarios guesses,flood --seconds 2 --connections 50 --algorithms rs256").unwrap();
        assert_eq!(options.scenarios, [Scenario::Guesses, Scenario::Flood]);
        assert_eq!((options.lasts, options.connections), (Duration::from_secs(2), 50));
        assert_eq!(options.algorithms, [Algorithm::Rs256]);
        for wrong in ["--scenarios", "--scenarios war", "--seconds 0", "--speed 1"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}

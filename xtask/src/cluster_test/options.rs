//! What can be chosen about a test of the cluster.

use std::path::PathBuf;

use anyhow::{Context, bail, ensure};

use super::phase::Phase;
use crate::arguments::{number, pairs};
use crate::random::Chance;

const USAGE: &str = "options are --rounds N, --fault-rounds N, --phase NAME, --seed N and --program FILE";

/// The choices.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// How often access is taken away while nothing else happens.
    pub(super) rounds: u32,
    /// How often each fault happens; access is taken away several times during each.
    pub(super) fault_rounds: u32,
    pub(super) phases: Vec<Phase>,
    /// Decides what is done and where; what the threads and processes make of it is up to the system.
    pub(super) seed: u64,
    /// The executable to test, if not the one that is built for it.
    pub(super) program: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments after `cluster-test`.
    pub(super) fn parse(arguments: &[String]) -> anyhow::Result<Self> {
        let (mut rounds, mut fault_rounds) = (1_000, 14);
        let (mut phases, mut seed, mut program) = (Vec::new(), None, None);
        for pair in pairs(arguments, USAGE) {
            let (name, value) = pair?;
            let number = || number(value, USAGE);
            match name {
                "--rounds" => rounds = number()?,
                "--fault-rounds" => fault_rounds = number()?,
                "--seed" => seed = Some(number()?.into()),
                "--program" => program = Some(PathBuf::from(value)),
                "--phase" => phases.push(named(value)?),
                _ => bail!("there is no {name}; {USAGE}"),
            }
        }
        ensure!(rounds > 0 && fault_rounds > 0, "no round is no test; {USAGE}");
        if phases.is_empty() {
            phases = Phase::ALL.to_vec();
        }
        Ok(Self { rounds, fault_rounds, phases, seed: seed.map_or_else(Chance::new_seed, Ok)?, program })
    }
}

fn named(name: &str) -> anyhow::Result<Phase> {
    let names = || Phase::ALL.map(Phase::name).join(", ");
    let found = Phase::ALL.into_iter().find(|phase| phase.name() == name);
    found.with_context(|| format!("there is no phase {name}; there are {}", names()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> anyhow::Result<Options> {
        Options::parse(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn choices_are_read() {
        let chosen = parse(&["--rounds", "3", "--phase", "stopped", "--seed", "7"]).unwrap();
        let phases = vec![Phase::Stopped];
        assert_eq!(chosen, Options { rounds: 3, fault_rounds: 14, phases, seed: 7, program: None });
        assert_eq!(parse(&["--program", "a/b"]).unwrap().program, Some(PathBuf::from("a/b")));
        assert_eq!(parse(&[]).unwrap().phases, Phase::ALL);
    }

    #[test]
    fn nonsense_is_refused() {
        for arguments in [&["--rounds"][..], &["--rounds", "0"], &["--phase", "peace"], &["--fast", "1"]] {
            assert!(parse(arguments).is_err(), "{arguments:?}");
        }
    }
}

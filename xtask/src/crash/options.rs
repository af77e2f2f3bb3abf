//! What can be chosen about a crash test.

use std::path::PathBuf;

use anyhow::{bail, ensure};

use crate::arguments::{number, pairs};
use crate::random::Chance;

const USAGE: &str = "options are --rounds N, --database sqlite|postgres|both, --seed N and --program FILE";

/// A database that the server keeps its data in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backend {
    Sqlite,
    Postgres,
}

/// The choices.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// How often the server is killed on each database.
    pub(super) rounds: u32,
    pub(super) backends: Vec<Backend>,
    /// Decides what is done and when the server dies; what the threads make of it is up to the system.
    pub(super) seed: u64,
    /// The executable to test, if not the one that is built for it.
    pub(super) program: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments after `crash`.
    pub(super) fn parse(arguments: &[String]) -> anyhow::Result<Self> {
        let (mut rounds, mut backends) = (20, vec![Backend::Sqlite, Backend::Postgres]);
        let (mut seed, mut program) = (None, None);
        for pair in pairs(arguments, USAGE) {
            let (name, value) = pair?;
            let number = || number(value, USAGE);
            match (name, value) {
                ("--rounds", _) => rounds = number()?,
                ("--seed", _) => seed = Some(number()?.into()),
                ("--program", _) => program = Some(PathBuf::from(value)),
                ("--database", "sqlite") => backends = vec![Backend::Sqlite],
                ("--database", "postgres") => backends = vec![Backend::Postgres],
                ("--database", "both") => {}
                _ => bail!("there is no {name} {value}; {USAGE}"),
            }
        }
        ensure!(rounds > 0, "no round is no test; {USAGE}");
        Ok(Self { rounds, backends, seed: seed.map_or_else(Chance::new_seed, Ok)?, program })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> anyhow::Result<Options> {
        Options::parse(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn choices_are_read() {
        let chosen = parse(&["--rounds", "3", "--database", "postgres", "--seed", "7"]).unwrap();
        let backends = vec![Backend::Postgres];
        assert_eq!(chosen, Options { rounds: 3, backends, seed: 7, program: None });
        assert_eq!(parse(&["--program", "a/b"]).unwrap().program, Some(PathBuf::from("a/b")));
        assert_eq!(parse(&[]).unwrap().backends.len(), 2);
    }

    #[test]
    fn nonsense_is_refused() {
        for arguments in [&["--rounds"][..], &["--rounds", "0"], &["--database", "oracle"], &["--fast", "1"]]
        {
            assert!(parse(arguments).is_err(), "{arguments:?}");
        }
    }
}

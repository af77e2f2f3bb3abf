//! What can be chosen about a measurement.

use std::time::Duration;

use anyhow::bail;

use super::super::lane::Algorithm;
use crate::arguments::{pairs, positive};

const USAGE: &str = "options are --seconds N (for each line), --apps N,… (registered), --live N (of those \
                     that ask) and --algorithms es256,eddsa,rs256";

/// The choices.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// How long each lane is measured.
    pub(super) measured: Duration,
    /// How long it runs before.
    pub(super) warm_up: Duration,
    /// Numbers of apps to measure with.
    pub(super) apps: Vec<u32>,
    /// How many of them ask at most.
    pub(super) live: u32,
    /// What tokens are signed with.
    pub(super) algorithms: Vec<Algorithm>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            measured: Duration::from_secs(5),
            warm_up: Duration::from_secs(2),
            apps: vec![1, 1_000, 100_000, 1_000_000],
            live: 10_000,
            algorithms: Algorithm::ALL.to_vec(),
        }
    }
}

impl Options {
    /// Reads the arguments after `bench token`.
    pub(super) fn parse(arguments: &[String]) -> anyhow::Result<Self> {
        let mut options = Self::default();
        for pair in pairs(arguments, USAGE) {
            let (name, value) = pair?;
            match name {
                "--seconds" => options.measured = Duration::from_secs(positive(value, USAGE)?.into()),
                "--live" => options.live = positive(value, USAGE)?,
                "--apps" => {
                    let apps = value.split(',').map(|apps| positive(apps, USAGE));
                    options.apps = apps.collect::<Result<_, _>>()?;
                }
                "--algorithms" => {
                    options.algorithms = value.split(',').map(Algorithm::parse).collect::<Result<_, _>>()?;
                }
                _ => bail!("there is no option {name}; {USAGE}"),
            }
        }
        Ok(options)
    }

    /// How it is measured, for the head of the table.
    pub(super) fn describe(&self) -> String {
        format!(
            "{} s for each line after {} s of warm-up; at most {} of the apps ask",
            self.measured.as_secs(),
            self.warm_up.as_secs(),
            self.live
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> anyhow::Result<Options> {
        Options::parse(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_not_said_stays_as_it_is() {
        assert_eq!(parse(&[]).unwrap(), Options::default());
        let chosen = ["--apps", "1,10_000", "--algorithms", "eddsa", "--seconds", "1", "--live", "7"];
        let chosen = parse(&chosen).unwrap();
        assert_eq!(chosen.apps, [1, 10_000]);
        assert_eq!(chosen.algorithms, [Algorithm::EdDsa]);
        assert_eq!(chosen.live, 7);
        assert_eq!(chosen.measured, Duration::from_secs(1));
        assert_eq!(chosen.warm_up, Options::default().warm_up);
    }

    #[test]
    fn nonsense_is_refused() {
        for arguments in [
            &["--apps"][..],
            &["--apps", "0"],
            &["--apps", "1,,2"],
            &["--live", "0"],
            &["--seconds", "-1"],
            &["--algorithms", "hs256"],
            &["--fast", "1"],
        ] {
            assert!(parse(arguments).is_err(), "{arguments:?}");
        }
    }
}

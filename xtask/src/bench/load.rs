//! Runs the load generator and reads what it measured.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};

use super::lane::Lane;
use super::placement::Placement;
use crate::process;

/// Those of the first measurements of the prototype.
const CONNECTIONS: &str = "64";
const SCRIPT: &str = "xtask/src/bench/load.lua";

/// What to send, and where.
pub(super) struct Load<'a> {
    pub(super) placement: &'a Placement,
    pub(super) url: String,
    pub(super) lane: Lane,
    pub(super) bodies: &'a Path,
}

/// What a run of the load generator found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measured {
    pub(super) per_second: f64,
    pub(super) p50: Duration,
    pub(super) p99: Duration,
}

impl Load<'_> {
    /// Runs for so long. An answer that is not a success is an error: it would be measured as a fast one.
    pub(super) fn run(&self, duration: Duration) -> anyhow::Result<Measured> {
        let mut command = self.placement.load("wrk");
        command.args(["--threads", "1", "--connections", CONNECTIONS, "--script", SCRIPT]);
        command.args(["--duration", &format!("{}s", duration.as_secs()), &self.url]);
        if let Some(scope) = self.lane.scope() {
            command.arg("--").arg(self.bodies).arg(scope);
        }
        read(&process::output(&mut command)?)
    }
}

fn read(output: &str) -> anyhow::Result<Measured> {
    let line = output.lines().find_map(|line| line.strip_prefix("measured: "));
    let line = line.context("the load generator did not say what it measured")?;
    let value = |name: &str| -> anyhow::Result<u32> {
        let mut fields = line.split(' ').filter_map(|field| field.split_once('='));
        let (_, value) = fields.find(|(field, _)| *field == name).with_context(|| format!("no {name}"))?;
        value.parse().with_context(|| format!("{name} is not a number"))
    };
    let (requests, refused, failed) = (value("requests")?, value("refused")?, value("failed")?);
    ensure!(requests > 0, "there was no answer at all");
    ensure!(
        refused == 0 && failed == 0,
        "of {requests} requests the server refused {refused}, and {failed} failed: the figures mean nothing"
    );
    Ok(Measured {
        per_second: f64::from(requests) * 1e6 / f64::from(value("microseconds")?),
        p50: Duration::from_micros(value("p50")?.into()),
        p99: Duration::from_micros(value("p99")?.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_the_scripts_line() {
        let output = "Running 5s test\n  Requests/sec: 1\nmeasured: requests=150000 microseconds=5000000 p50=2100 \
                      p99=2600 refused=0 failed=0\n";
        let measured = read(output).unwrap();
        assert!((measured.per_second - 30_000.0).abs() < 1e-6);
        assert_eq!(measured.p50, Duration::from_micros(2_100));
        assert_eq!(measured.p99, Duration::from_micros(2_600));
    }

    #[test]
    fn a_run_with_any_failure_has_no_figures() {
        let line = |requests, refused, failed| {
            format!(
                "measured: requests={requests} microseconds=5 p50=1 p99=1 refused={refused} failed={failed}\n"
            )
        };
        assert!(read(&line(9, 0, 0)).is_ok());
        for output in
            [line(9, 1, 0), line(9, 0, 1), line(0, 0, 0), String::new(), "measured: p50=1\n".to_owned()]
        {
            assert!(read(&output).is_err(), "{output}");
        }
    }
}

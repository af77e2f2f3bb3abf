//! Runs the load generators: wrk for as much as there is, ours at a constant rate or once through all requests.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::fleet::Fleet;
use super::lane::Lane;
use super::measured::Measured;
use super::running_server::RunningServer;
use super::{Bench, Placement};
use crate::process;

/// Those of the first measurements of the prototype.
const CONNECTIONS: &str = "64";
const SCRIPT: &str = "xtask/src/bench/load.lua";

/// What to send, and where.
pub(super) struct Load<'a> {
    placement: Placement,
    programs: &'a Path,
    server: &'a RunningServer,
    lane: Lane,
    fleet: &'a Fleet,
}

impl<'a> Load<'a> {
    pub(super) fn of(bench: &'a Bench, server: &'a RunningServer, lane: Lane, fleet: &'a Fleet) -> Self {
        Self { placement: bench.placement, programs: &bench.programs, server, lane, fleet }
    }

    /// As many as the server answers in that time.
    pub(super) fn fastest(&self, duration: Duration) -> anyhow::Result<Measured> {
        let mut command = self.placement.load("wrk");
        command.args(["--threads", "1", "--connections", CONNECTIONS, "--script", SCRIPT]);
        command.args(["--duration", &format!("{}s", duration.as_secs()), &self.server.url(self.lane)]);
        if let Some(forms) = self.fleet.forms(self.lane) {
            command.arg("--").arg(forms.file).arg(forms.suffix).arg(forms.most.to_string());
        }
        Measured::read(&process::output(&mut command)?)
    }

    /// So many a second, whether or not the server keeps up. Latency counts from when a request was due.
    pub(super) fn at_rate(
        &self,
        per_second: u32,
        duration: Duration,
        warm_up: Duration,
    ) -> anyhow::Result<Measured> {
        let mut command = self.generator();
        command.args(["rate", "--per-second", &per_second.to_string()]);
        command.args(["--seconds", &duration.as_secs().to_string()]);
        command.args(["--warm-up-seconds", &warm_up.as_secs().to_string()]);
        Measured::read(&process::output(&mut command)?)
    }

    /// Every request once, as fast as the answers come.
    pub(super) fn once(&self) -> anyhow::Result<Measured> {
        Measured::read(&process::output(self.generator().arg("once"))?)
    }

    fn generator(&self) -> Command {
        let mut command = self.placement.load(self.programs.join("turnkeep-bench"));
        command.args(["load", "--connections", CONNECTIONS]);
        command.args(["--address", &self.server.address().to_string()]);
        command.args(["--path", &self.server.subject().path(self.lane)]);
        if let Some(forms) = self.fleet.forms(self.lane) {
            command.arg("--bodies").arg(forms.file);
            command.args(["--suffix", &forms.suffix, "--most", &forms.most.to_string()]);
        }
        if let Some(expected) = self.lane.expected() {
            command.args(["--expect", expected]);
        }
        command
    }
}

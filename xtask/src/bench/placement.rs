//! Where the programs run: server and load on a core each if the machine has two, so that neither takes time from
//! the other.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::process;

/// The core for the server, and the one for the load.
const CORES: [&str; 2] = ["0", "1"];

/// What the machine allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// A core for each.
    Pinned,
    /// Together; says why.
    Shared(&'static str),
}

impl Placement {
    pub(super) fn find() -> Self {
        if cores() < CORES.len() {
            Self::Shared("there is only one core")
        } else if !process::is_installed("taskset") {
            Self::Shared("there is no taskset")
        } else {
            Self::Pinned
        }
    }

    /// The processor and the number of cores.
    pub(super) fn machine(self) -> String {
        let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = processors.lines().find_map(|line| line.strip_prefix("model name"));
        let model = model.map_or("unknown processor", |rest| rest.trim_start_matches([' ', '\t', ':']));
        format!("{} cores, {model}", cores())
    }

    /// For the head of the table.
    pub(super) fn describe(self) -> String {
        match self {
            Self::Pinned => "server (1 worker) on one core, load on another".to_owned(),
            Self::Shared(why) => {
                format!("NOT PINNED, since {why}: server (1 worker) and load take time from each other")
            }
        }
    }

    /// A server's command.
    pub(super) fn server(self, program: &Path) -> Command {
        let [core, _] = CORES;
        let mut command = self.on(core);
        if process::is_installed("setpriv") {
            // So that the server does not outlive us even if we are killed.
            command.args(["setpriv", "--pdeathsig", "KILL"]);
        }
        command.arg(program);
        command
    }

    /// The load generator's command.
    pub(super) fn load(self, program: impl AsRef<OsStr>) -> Command {
        let [_, core] = CORES;
        let mut command = self.on(core);
        command.arg(program);
        command
    }

    fn on(self, core: &str) -> Command {
        match self {
            Self::Pinned => {
                let mut command = process::command("taskset");
                command.args(["-c", core]);
                command
            }
            // Does nothing but run its arguments.
            Self::Shared(_) => process::command("env"),
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

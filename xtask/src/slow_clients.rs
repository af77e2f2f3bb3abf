//! `cargo xtask slow-clients`: heads and bodies that arrive a few bytes at a time, answers that are read a few bytes
//! at a time, and thousands of connections that say nothing, while others take tokens. All of those must get theirs,
//! about as fast as before.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use crate::arguments::{pairs, positive};
use crate::http;
use crate::installation::{
    GUARD_QUEUE, GUARD_THRESHOLDS, Installation, RunningServer, built_server, free_address, server_to_test,
};
use crate::process;
use crate::setup;
use idle_crowd::IdleCrowd;
use prober::{Probes, probe_while};

mod idle_crowd;
mod open_files;
mod prober;

const USAGE: &str = "options are --seconds N (of each kind), --connections N (slow ones), --idle N (connections that \
                     say nothing) and --program FILE";
/// The server has to raise its own limit of open files above this one, which is what most systems begin with.
const USUAL_OPEN_FILES: u32 = 1_024;
/// How long the answers are measured that the others are held against.
const UNDISTURBED: Duration = Duration::from_secs(3);
/// Machines that run such tests are slow for reasons of their own; a server that is held up answers far later.
const NOISE: Duration = Duration::from_millis(250);
/// No single answer may take longer.
const LONGEST: Duration = Duration::from_secs(8);

/// The choices.
struct Options {
    lasts: Duration,
    connections: u32,
    idle: u32,
    program: Option<PathBuf>,
}

impl Options {
    fn usual() -> Self {
        Self { lasts: Duration::from_secs(6), connections: 1_000, idle: 5_000, program: None }
    }

    fn parse(arguments: &[String]) -> anyhow::Result<Self> {
        let mut options = Self::usual();
        for pair in pairs(arguments, USAGE) {
            let (name, value) = pair?;
            match name {
                "--seconds" => options.lasts = Duration::from_secs(positive(value, USAGE)?.into()),
                "--connections" => options.connections = positive(value, USAGE)?,
                "--idle" => options.idle = positive(value, USAGE)?,
                "--program" => options.program = Some(PathBuf::from(value)),
                _ => bail!("there is no option {name}; {USAGE}"),
            }
        }
        Ok(options)
    }
}

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    test(&options, &server_to_test(options.program.as_deref())?)
}

/// Of what the tests have built.
pub(crate) fn run_some() -> anyhow::Result<()> {
    test(&Options::usual(), &built_server())
}

fn test(options: &Options, program: &Path) -> anyhow::Result<()> {
    setup::slow_clients()?;
    let folder = process::root().join("target/slow-clients");
    let installation = Installation::create(program, &folder, None)?;
    open_files::allow(USUAL_OPEN_FILES)?;
    // The guard is part of what is tested.
    let server = installation.start_at(free_address()?, &installation.log_file(), |command| {
        command.env_remove(GUARD_THRESHOLDS).env_remove(GUARD_QUEUE);
    })?;
    open_files::allow_all(options.idle + options.connections)?;
    let site = Site { options, server, installation, folder };
    let begin = Instant::now();
    site.test().inspect_err(|_| site.installation.show_end_of_log())?;
    println!("slow-clients: everybody else was served, {:.1} s", begin.elapsed().as_secs_f32());
    site.server.end()?;
    site.installation.remove()
}

/// In what clients are slow.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Heads,
    Bodies,
    Readers,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Heads => "slow heads",
            Self::Bodies => "slow bodies",
            Self::Readers => "slow readers",
        }
    }

    /// What slowhttptest is to do. The readers ask for the longest answer that needs no token.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Heads => &["-H", "-i", "1", "-x", "24"],
            Self::Bodies => &["-B", "-i", "1", "-x", "24", "-s", "8192"],
            Self::Readers => &["-X", "-n", "1", "-w", "10", "-y", "20", "-z", "10", "-k", "3"],
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Heads | Self::Bodies => "/connect/token",
            Self::Readers => "/api/v1/openapi.json",
        }
    }
}

struct Site<'a> {
    options: &'a Options,
    server: RunningServer,
    installation: Installation,
    folder: PathBuf,
}

impl Site<'_> {
    fn test(&self) -> anyhow::Result<()> {
        // The first to ask has it made.
        http::get(self.server.address(), Kind::Readers.path())?;
        let usual = self.undisturbed()?;
        for kind in [Kind::Heads, Kind::Bodies, Kind::Readers] {
            self.slow(kind, &usual).with_context(|| kind.name())?;
        }
        self.idle(&usual).context("idle connections")
    }

    fn undisturbed(&self) -> anyhow::Result<Probes> {
        let ((), probes) = self.probe_while(|| {
            thread::sleep(UNDISTURBED);
            Ok(())
        })?;
        self.report("undisturbed", &probes)?;
        Ok(probes)
    }

    fn slow(&self, kind: Kind, usual: &Probes) -> anyhow::Result<()> {
        let mut command = self.slow_clients(kind);
        let (output, probes) = self.probe_while(|| process::output(&mut command))?;
        self.judge(kind.name(), &probes, usual)?;
        // Or it would have shown nothing.
        let were_there = clients(&output).context("slowhttptest did not say what it did")?;
        ensure!(self.options.connections / 2 <= were_there, "only {were_there} slow clients were there");
        Ok(())
    }

    fn idle(&self, usual: &Probes) -> anyhow::Result<()> {
        let mut crowd = IdleCrowd::connect(self.server.address(), self.options.idle)?;
        let (reopened, probes) = self.probe_while(|| crowd.stay(self.options.lasts))?;
        println!("slow-clients: {} idle connections, {reopened} of them opened anew", self.options.idle);
        self.judge("idle connections", &probes, usual)
    }

    fn slow_clients(&self, kind: Kind) -> Command {
        let Options { lasts, connections, .. } = self.options;
        let mut command = process::mortal_command(Path::new("slowhttptest"));
        command.current_dir(&self.folder).args(kind.arguments());
        command.args(["-c", &connections.to_string(), "-r", &(connections / 2).max(1).to_string()]);
        command.args(["-l", &lasts.as_secs().to_string(), "-p", "3"]);
        command.args(["-u", &format!("http://{}{}", self.server.address(), kind.path())]);
        command
    }

    fn probe_while<T: Send>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send,
    ) -> anyhow::Result<(T, Probes)> {
        probe_while(self.server.address(), &self.installation.operator()?, work)
    }

    fn judge(&self, what: &str, probes: &Probes, usual: &Probes) -> anyhow::Result<()> {
        self.report(what, probes)?;
        let most = usual.median() * 4 + NOISE;
        ensure!(
            probes.median() <= most,
            "half of the others waited longer than {:?} for a token, which took {:?} before",
            probes.median(),
            usual.median()
        );
        ensure!(probes.longest() <= LONGEST, "somebody waited {:?} for a token", probes.longest());
        Ok(())
    }

    fn report(&self, what: &str, probes: &Probes) -> anyhow::Result<()> {
        println!(
            "slow-clients: {what:<16} {:>4} tokens, median {:>6.1} ms, longest {:>6.1} ms, server has {} MiB",
            probes.count(),
            probes.median().as_secs_f64() * 1e3,
            probes.longest().as_secs_f64() * 1e3,
            self.server.resident_bytes()? >> 20
        );
        Ok(())
    }
}

/// How many slow clients the server had or has turned away, at the last moment that slowhttptest tells of.
fn clients(output: &str) -> Option<u32> {
    let last = |name: &str| {
        let line = output.lines().rev().find(|line| line.contains(name))?;
        line.split_whitespace().next_back()?.parse::<u32>().ok()
    };
    Some(last("connected:")? + last("closed:")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_that_were_turned_away_were_there() {
        let line = |name: &str, count: u32| format!("\u{1b}[1;32m{name}:   \u{1b}[1;32m        {count}\n");
        let first = line("connected", 500) + &line("error", 0) + &line("closed", 0);
        let last = line("connected", 238) + &line("error", 7) + &line("closed", 62);
        assert_eq!(clients(&(first + &last)), Some(300));
        assert_eq!(clients("service available: YES"), None);
    }

    #[test]
    fn options_are_numbers() {
        let parse = |text: &str| Options::parse(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let options = parse("--seconds 2 --connections 10 --idle 20").unwrap();
        assert_eq!((options.lasts, options.connections, options.idle), (Duration::from_secs(2), 10, 20));
        for wrong in ["--seconds", "--idle 0", "--busy 1"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}

//! A server that runs for as long as the value lives.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use super::lane::{Lane, Subject};
use super::placement::Placement;
use crate::http;
use crate::installation::free_address;
use crate::process;

/// Loading 100,000 apps takes the prototype a few seconds.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// Between two looks whether it is ready; what a start takes is known that well.
const PAUSE: Duration = Duration::from_millis(2);
/// Who issues the tokens: the prototype's, so that theirs are as long, and the same after each start.
const BASE_URL: &str = "http://127.0.0.1:8080";
/// It keeps them all in memory, and a million would take 2 GiB of it.
pub(super) const MOST_OF_PROTOTYPE: u32 = 100_000;

/// A child process; dropping it kills it.
pub(super) struct RunningServer {
    subject: Subject,
    address: SocketAddr,
    child: Child,
    started: Instant,
}

impl RunningServer {
    /// Starts a program over a filled folder and waits until it is ready. Only the real server has settings.
    pub(super) fn start(
        subject: Subject,
        placement: &Placement,
        program: &Path,
        data: &Path,
        settings: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut command = placement.server(program);
        match subject {
            Subject::Server => {
                let own = [("WORKERS", "1"), ("LOG", "warn"), ("BASE_URL", BASE_URL)];
                let settings = own.iter().chain(settings);
                command.arg("serve").envs(settings.map(|(name, value)| (format!("TURNKEEP_{name}"), value)))
            }
            Subject::Prototype => command.args(["prototype", "--most", &MOST_OF_PROTOTYPE.to_string()]),
        };
        command.arg("--data").arg(data).arg("--listen").arg(address.to_string());
        let started = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut server = Self { subject, address, child, started };
        server.wait_until_ready()?;
        Ok(server)
    }

    pub(super) fn subject(&self) -> Subject {
        self.subject
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn url(&self, lane: Lane) -> String {
        format!("http://{}{}", self.address, self.subject.path(lane))
    }

    /// Since the program was started.
    pub(super) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// Ends it as an operator would, and waits for its end.
    pub(super) fn stop(mut self) -> anyhow::Result<()> {
        process::signal(self.child.id(), "TERM")?;
        let status = self.child.wait().context("could not wait for the server")?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }

    /// How much time the process took of a core so far, by all of its threads.
    pub(super) fn cpu_time(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))
            .context("the server is gone")?;
        cpu_time(&stat).context("the system does not tell how much time a process took")
    }

    /// How much memory the process occupies at present.
    pub(super) fn resident_bytes(&self) -> anyhow::Result<u64> {
        process::resident_bytes(self.child.id())
    }

    fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let begin = Instant::now();
        while begin.elapsed() < START_TIMEOUT {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended ({status})");
            }
            if http::get(self.address, self.subject.ready_path()).is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            thread::sleep(PAUSE);
        }
        bail!("it was not ready after {} s", START_TIMEOUT.as_secs())
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Fields 14 and 15 (proc_pid_stat(5)). The second field is
/// the program's name, in which there may be anything.
fn cpu_time(stat: &str) -> Option<Duration> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    let (user, system) = (next()?, next()?);
    Some(ticks(user + system))
}

/// Linux counts in hundredths of a second for programs.
pub(super) const fn ticks(count: u64) -> Duration {
    Duration::from_millis(count * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_that_of_user_and_system() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 900 0 0 0 12 3 0 0 20 0 4 0 100 1 2\n";
        assert_eq!(cpu_time(stat), Some(Duration::from_millis(150)));
        assert_eq!(cpu_time("42 (turnkeep) S 1"), None);
    }
}

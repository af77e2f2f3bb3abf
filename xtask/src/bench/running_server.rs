//! A server that runs for as long as the value lives.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::lane::{Lane, Subject};
use super::placement::Placement;
use crate::http;
use crate::installation::free_address;

/// Loading 100,000 apps takes the prototype a few seconds.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A child process; dropping it kills it.
pub(super) struct RunningServer {
    subject: Subject,
    address: SocketAddr,
    child: Child,
}

impl RunningServer {
    /// Starts a program over a filled folder and waits until it is ready.
    pub(super) fn start(
        subject: Subject,
        placement: &Placement,
        program: &Path,
        data: &Path,
    ) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut command = placement.server(program);
        match subject {
            Subject::Server => command.arg("serve").env("TURNKEEP_WORKERS", "1").env("TURNKEEP_LOG", "warn"),
            Subject::Prototype => command.arg("prototype"),
        };
        command.arg("--data").arg(data).arg("--listen").arg(address.to_string());
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut server = Self { subject, address, child };
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

    /// How much memory the process occupies at present.
    pub(super) fn resident_bytes(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .context("the server is gone")?;
        resident_bytes(&status).context("the system does not tell how much memory a process has")
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
            thread::sleep(Duration::from_millis(20));
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

fn resident_bytes(status: &str) -> Option<u64> {
    let size = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = size.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_status_of_the_process() {
        let status = "Name:\tturnkeep\nVmHWM:\t   20000 kB\nVmRSS:\t   18432 kB\nThreads:\t4\n";
        assert_eq!(resident_bytes(status), Some(18 * 1024 * 1024));
        assert_eq!(resident_bytes("Name:\tturnkeep\n"), None);
    }
}

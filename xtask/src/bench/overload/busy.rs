//! Whether the machine had anything else to do: then figures say little.

use std::time::{Duration, Instant};

use anyhow::Context;

use super::super::running_server::{RunningServer, ticks};

/// How much time of its cores the machine had given out at some moment.
pub(super) struct Busy {
    at: Instant,
    all: Duration,
    server: Duration,
    load: Duration,
}

impl Busy {
    pub(super) fn now(server: &RunningServer) -> anyhow::Result<Self> {
        let machine = std::fs::read_to_string("/proc/stat").context("the system has no statistics")?;
        let own = std::fs::read_to_string("/proc/self/stat").context("the system has no statistics")?;
        Ok(Self {
            at: Instant::now(),
            all: given_out(&machine).context("the system does not tell what its cores did")?,
            server: server.cpu_time()?,
            load: of_children(&own).context("the system does not tell how much time a process took")?,
        })
    }

    /// How much of a core neither the server nor the load took until then.
    pub(super) fn others_until(&self, end: &Self) -> f64 {
        let ours = (end.server - self.server) + (end.load - self.load);
        (end.all - self.all).saturating_sub(ours).as_secs_f64() / (end.at - self.at).as_secs_f64()
    }
}

/// User, nice, system, interrupts and what other guests of the host took, but not idle and waiting (proc_stat(5)).
fn given_out(stat: &str) -> Option<Duration> {
    let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let fields = line.split_whitespace().map(str::parse).collect::<Result<Vec<u64>, _>>().ok()?;
    let [user, nice, system, _, _, interrupts, soft_interrupts, stolen, ..] = *fields else { return None };
    Some(ticks(user + nice + system + interrupts + soft_interrupts + stolen))
}

/// Fields 16 and 17: of children that have ended (proc_pid_stat(5)).
fn of_children(stat: &str) -> Option<Duration> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(13);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(ticks(next()? + next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_cores_did_is_told_in_one_line() {
        let stat = "cpu  100 20 30 9000 500 4 6 40 7 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n";
        assert_eq!(given_out(stat), Some(Duration::from_secs(2)));
        assert_eq!(given_out("cpu0 1 1"), None);
    }

    #[test]
    fn time_of_children_is_that_of_user_and_system() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 900 0 0 0 12 3 40 5 20 0 4 0 100 1 2\n";
        assert_eq!(of_children(stat), Some(Duration::from_millis(450)));
    }

    #[test]
    fn what_is_left_belongs_to_others() {
        let (at, second) = (Instant::now(), Duration::from_secs(1));
        let busy = |at, all, server, load| Busy {
            at,
            all: second * all,
            server: second * server,
            load: second * load,
        };
        let others = busy(at, 1, 0, 0).others_until(&busy(at + second * 4, 9, 3, 4));
        assert!((others - 0.25).abs() < 1e-9, "{others}");
    }
}

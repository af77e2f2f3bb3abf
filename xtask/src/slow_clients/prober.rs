//! Takes tokens one after the other while something else goes on, over a kept connection and over new ones in turn.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail, ensure};

use crate::http::{self, Connection, Request};
use crate::management::Credentials;

/// Between two tokens.
const PAUSE: Duration = Duration::from_millis(20);
/// After that there is no answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long tokens took, the shortest first. There is at least one.
pub(super) struct Probes(Vec<Duration>);

impl Probes {
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn median(&self) -> Duration {
        self.0.get(self.0.len() / 2).copied().unwrap_or_default()
    }

    pub(super) fn longest(&self) -> Duration {
        self.0.last().copied().unwrap_or_default()
    }
}

/// Runs `work`, and tells how long tokens took meanwhile. Any that could not be had is an error.
pub(super) fn probe_while<T: Send>(
    address: SocketAddr,
    credentials: &Credentials,
    work: impl FnOnce() -> anyhow::Result<T> + Send,
) -> anyhow::Result<(T, Probes)> {
    let over = AtomicBool::new(false);
    let (worked, probed) = thread::scope(|scope| {
        let prober = scope.spawn(|| probe_until(&over, address, credentials));
        let worked = work();
        over.store(true, Ordering::Relaxed);
        (worked, prober.join().map_err(|_| anyhow!("the prober panicked")))
    });
    let probes = probed??;
    ensure!(probes.count() > 0, "there was no time to ask for a token");
    Ok((worked?, probes))
}

fn probe_until(over: &AtomicBool, address: SocketAddr, credentials: &Credentials) -> anyhow::Result<Probes> {
    let request = request(credentials);
    let mut kept = Connection::with_timeout(address, TIMEOUT);
    let mut taken = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let begin = Instant::now();
        let answer = if taken.len() % 2 == 0 {
            kept.send(&request)
        } else {
            Connection::with_timeout(address, TIMEOUT).send(&request)
        };
        let answer = answer.with_context(|| format!("token number {}", taken.len() + 1))?;
        if answer.status != 200 {
            let number = taken.len() + 1;
            bail!(
                "token number {number} was answered {}: {}\n{}",
                answer.status,
                answer.body,
                reasons(address)
            );
        }
        taken.push(begin.elapsed());
        thread::sleep(PAUSE);
    }
    taken.sort_unstable();
    Ok(Probes(taken))
}

/// What the server knows of why it turns requests away.
fn reasons(address: SocketAddr) -> String {
    let read =
        |path| http::get(address, path).map_or_else(|error| format!("{error:#}"), |answer| answer.body);
    let metrics = read("/metrics");
    let refusals =
        metrics.lines().filter(|line| line.contains("_shed_total") || line.contains("_limited_total"));
    format!("{}\n{}", refusals.collect::<Vec<_>>().join("\n"), read("/health/node-state"))
}

fn request(credentials: &Credentials) -> Request {
    let Credentials { client_id, client_secret } = credentials;
    Request {
        method: "POST",
        path: "/connect/token".to_owned(),
        headers: vec![("Content-Type", "application/x-www-form-urlencoded".to_owned())],
        // Neither has a character that a form escapes.
        body: format!("grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_tokens_took_no_longer_than_the_median() {
        let probes = Probes((1..=9).map(Duration::from_millis).collect());
        assert_eq!(probes.median(), Duration::from_millis(5));
        assert_eq!(probes.longest(), Duration::from_millis(9));
    }
}

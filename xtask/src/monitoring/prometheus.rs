//! A Prometheus of our own that scrapes one server, has our rules loaded, and answers queries.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::http;
use crate::installation::free_address;
use crate::process;

/// How long it may take until it has scraped the server.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(100);

/// A child process. Dropping it kills it.
pub(super) struct Prometheus {
    address: SocketAddr,
    child: Child,
}

impl Prometheus {
    /// Starts it in a folder and waits until it has scraped `server` twice, so that rates have values.
    pub(super) fn start(
        program: &Path,
        folder: &Path,
        rules: &Path,
        server: SocketAddr,
    ) -> anyhow::Result<Self> {
        let address = free_address()?;
        let settings = folder.join("prometheus.yaml");
        let text = format!(
            "global:\n  scrape_interval: 1s\n  evaluation_interval: 1s\nrule_files:\n- {}\nscrape_configs:\n\
             - job_name: turnkeep\n  static_configs:\n  - targets: ['{server}']\n",
            Value::from(rules.to_string_lossy().into_owned()),
        );
        fs::write(&settings, text).with_context(|| format!("could not write {}", settings.display()))?;
        let log = fs::File::create(folder.join("prometheus.log"))?;
        let mut command = process::mortal_command(program);
        command
            .arg("--config.file")
            .arg(&settings)
            .arg("--storage.tsdb.path")
            .arg(folder.join("prometheus"))
            .args(["--web.listen-address", &address.to_string(), "--log.level", "warn"])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let child = command.spawn().context("could not start Prometheus")?;
        let mut started = Self { address, child };
        started.wait_until_scraped().with_context(|| format!("see {}/prometheus.log", folder.display()))?;
        Ok(started)
    }

    /// The value of an expression, which must be a valid one.
    pub(super) fn query(&self, expression: &str) -> anyhow::Result<Value> {
        self.ask(&format!("/api/v1/query?query={}", escaped(expression)))
    }

    /// Every rule was evaluated without an error; how many there are.
    pub(super) fn check_rules(&self) -> anyhow::Result<usize> {
        let begin = Instant::now();
        loop {
            let data = self.ask("/api/v1/rules")?;
            let groups = data.get("groups").and_then(Value::as_array).context("there are no groups")?;
            let rules: Vec<&Value> =
                groups.iter().filter_map(|group| group.get("rules")?.as_array()).flatten().collect();
            let health = |rule: &Value| rule.get("health").and_then(Value::as_str).map(str::to_owned);
            if let Some(wrong) = rules.iter().find(|rule| health(rule).as_deref() == Some("err")) {
                bail!("a rule cannot be evaluated: {wrong}");
            }
            ensure!(!rules.is_empty(), "no rule was loaded");
            if rules.iter().all(|rule| health(rule).as_deref() == Some("ok")) {
                return Ok(rules.len());
            }
            ensure!(begin.elapsed() < PATIENCE, "some rules were never evaluated");
            thread::sleep(PAUSE);
        }
    }

    fn wait_until_scraped(&mut self) -> anyhow::Result<()> {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                bail!("Prometheus ended ({status})");
            }
            let scraped = self.query("count_over_time(up{job=\"turnkeep\"}[1m]) >= 2 and up == 1");
            let series = scraped.ok().and_then(|data| data.get("result")?.as_array().map(Vec::len));
            if series == Some(1) {
                return Ok(());
            }
            thread::sleep(PAUSE);
        }
        bail!("Prometheus did not scrape the server within {} s", PATIENCE.as_secs())
    }

    fn ask(&self, path: &str) -> anyhow::Result<Value> {
        let answer = http::get(self.address, path)?;
        let mut json = answer.json()?;
        ensure!(answer.status == 200, "Prometheus answered {}: {}", answer.status, answer.body);
        Ok(json.get_mut("data").map(Value::take).unwrap_or_default())
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As the query of a URL.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_fit_into_a_url() {
        assert_eq!(escaped("up{a=\"b\"} > 1"), "up%7Ba%3D%22b%22%7D%20%3E%201");
    }
}

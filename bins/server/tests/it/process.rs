//! Starting `turnkeep` and reading what it says. Waits by reading, never by sleeping.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

/// Nothing is shed to protect the node.
const NO_THRESHOLD: &str = "memory=off, cpu_pressure=off, memory_pressure=off, io_pressure=off, in_flight=off, \
                            queue_delay_ms=off, turned_away=off";

/// A command for the executable, without anything of the caller's environment that would configure it.
pub(crate) fn turnkeep(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_turnkeep"));
    command.args(arguments).stdin(Stdio::null());
    for key in [
        "CONFIG",
        "DATA",
        "DATABASE",
        "MASTER_KEY_FILE",
        "MASTER_KEY",
        "LISTEN",
        "BASE_URL",
        "WORKERS",
        "TRUSTED_PROXIES",
        "STORAGE_ALLOW_LIST",
        "LOGOUT_ALLOW_LIST",
        "MAIL",
        "MAIL_FILE",
        "MAIL_FROM",
        "AUDIT_RETENTION_DAYS",
        "LOG",
        "LOG_FORMAT",
        "OTLP_ENDPOINT",
        "OTLP_SAMPLE_RATIO",
        "SERVER",
        "TOKEN",
        "CLIENT_ID",
        "CLIENT_SECRET",
        "CLIENT_SECRET_FILE",
    ] {
        command.env_remove(format!("TURNKEEP_{key}"));
    }
    command.env_remove("COLUMNS");
    // Tests run on machines that are busy with other things.
    command
        .env("TURNKEEP_GUARD_THRESHOLDS", NO_THRESHOLD)
        .env("TURNKEEP_GUARD_QUEUE", "longest_pass_ms=60000");
    command
}

/// Runs a command that ends by itself.
pub(crate) fn run(arguments: &[&str]) -> Output {
    turnkeep(arguments).output().unwrap()
}

/// Standard error of a run that has to fail with one line.
pub(crate) fn refusal(arguments: &[&str]) -> String {
    refusal_of(&mut turnkeep(arguments))
}

/// The same of any command.
pub(crate) fn refusal_of(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success(), "{command:?} succeeded");
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error.trim_end().lines().count(), 1, "one line, not: {error}");
    error.trim_end().to_owned()
}

/// A server that ends with the test.
pub(crate) struct Server {
    pub(crate) child: Child,
    stdout: BufReader<ChildStdout>,
    /// What it said until it was ready.
    pub(crate) said: Vec<String>,
    pub(crate) base_url: String,
    /// Where it listens, which differs from the base URL behind a balancer.
    pub(crate) address: String,
}

impl Server {
    /// Starts a server and reads its output up to the line that names its address.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut server =
            Self { child, stdout, said: Vec::new(), base_url: String::new(), address: String::new() };
        let line = server.read_until(|line| line.to_lowercase().contains("turnkeep serves "));
        let mut words = line.split(' ').skip_while(|word| *word != "serves").skip(1);
        server.base_url = words.next().unwrap().to_owned();
        // `serve` adds the address if it is another: `turnkeep serves BASE_URL on ADDRESS`.
        server.address = words.nth(1).map_or(server.base_url.clone(), |address| format!("http://{address}"));
        server
    }

    /// Reads lines up to one that fits.
    pub(crate) fn read_until(&mut self, fits: impl Fn(&str) -> bool) -> String {
        loop {
            let mut line = String::new();
            if self.stdout.read_line(&mut line).unwrap() == 0 {
                panic!("the server ended after saying {:#?}", self.said);
            }
            let line = line.trim_end().to_owned();
            self.said.push(line.clone());
            if fits(&line) {
                return line;
            }
        }
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        let sent = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(sent.success());
    }

    /// Stops the server as an operator does, and returns what else it said.
    pub(crate) fn stop(mut self) -> String {
        self.terminate();
        assert!(self.child.wait().unwrap().success());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        rest
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running demo and the facts it wrote.
pub(crate) struct Demo {
    pub(crate) server: Server,
    pub(crate) facts: Value,
}

impl Demo {
    /// A demo on SQLite in a folder.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    /// A demo with further arguments.
    pub(crate) fn start_with(folder: &Path, more: &[&str]) -> Self {
        Self::start_by(folder, more, &[])
    }

    /// A demo with further arguments and variables.
    pub(crate) fn start_by(folder: &Path, more: &[&str], variables: &[(&str, String)]) -> Self {
        let data = folder.join("data");
        let json = folder.join("facts.json");
        let _ = std::fs::remove_file(&json);
        let mut arguments = vec!["demo", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
        arguments.extend(["--json", json.to_str().unwrap()]);
        arguments.extend(more);
        let variables = variables.iter().map(|(name, value)| (name, value));
        let mut server = Server::start(turnkeep(&arguments).envs(variables));
        server.read_until(|line| line.contains("Ctrl-C"));
        let facts = serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
        Self { server, facts }
    }

    pub(crate) fn text(&self, pointer: &str) -> String {
        self.facts.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer}")).to_owned()
    }
}

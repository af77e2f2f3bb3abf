//! A `turnkeep` of its own for a task: a folder with a master key, a database, and a server that can be killed.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use crate::http;
use crate::management::Credentials;
use crate::process::{self, Lockfile};

const START_TIMEOUT: Duration = Duration::from_secs(180);
/// Settings under which rate limits are looked at and never bite: a task makes more requests than a limit would let
/// pass, and its failures should be its own.
pub(crate) const NO_LIMIT_BITES: [(&str, &str); 6] = [
    ("RATE_LIMIT_TOKEN", HIGHEST),
    ("RATE_LIMIT_INTROSPECTION", HIGHEST),
    ("RATE_LIMIT_REVOCATION", HIGHEST),
    ("RATE_LIMIT_SIGN_IN", HIGHEST),
    ("RATE_LIMIT_MANAGEMENT", HIGHEST),
    ("RATE_LIMIT_FAILURES", "pair=100000000/60, address=100000000/60"),
];
/// The setting under which the resource guard never sheds anything: tasks run on machines that are busy with other
/// things.
pub(crate) const GUARD_THRESHOLDS: &str = "TURNKEEP_GUARD_THRESHOLDS";
const NO_THRESHOLD: &str = "memory=off, cpu_pressure=off, memory_pressure=off, io_pressure=off, in_flight=off, queue_delay_ms=off, \
     turned_away=off";
/// The same for threads that have too much to do.
pub(crate) const GUARD_QUEUE: &str = "TURNKEEP_GUARD_QUEUE";
const ENDLESS_PASSES: &str = "longest_pass_ms=60000";
const HIGHEST: &str = "address=100000000/60, client=100000000/60, tenant=100000000/60";
const END_TIMEOUT: Duration = Duration::from_secs(40);

/// The server that the tests have built.
pub(crate) fn built_server() -> PathBuf {
    process::root().join("target/debug/turnkeep")
}

/// The server to test: the one that was named, or one that is built now.
pub(crate) fn server_to_test(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(program) = named {
        return Ok(program.to_owned());
    }
    let mut build = process::cargo("build", Lockfile::MayChange);
    process::run(build.args(["--package", "turnkeep"]))?;
    Ok(built_server())
}

/// What the server keeps between two starts.
pub(crate) struct Installation {
    program: PathBuf,
    folder: PathBuf,
    /// A `postgres://` URL, or none for SQLite in the folder.
    database: Option<String>,
}

impl Installation {
    /// A new folder with a new master key. `database` must be empty if it is named.
    pub(crate) fn create(program: &Path, folder: &Path, database: Option<String>) -> anyhow::Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)
                .with_context(|| format!("could not empty {}", folder.display()))?;
        }
        std::fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
        let installation = Self { program: program.to_owned(), folder: folder.to_owned(), database };
        let mut command = process::command(&installation.program.to_string_lossy());
        command.args(["keys", "new-master-key", "--out"]).arg(folder.join("master.key"));
        process::output(&mut command)?;
        Ok(installation)
    }

    /// A folder and a database that something else has filled. The operator gets a new secret.
    pub(crate) fn filled(program: &Path, folder: &Path, database: Option<String>) -> anyhow::Result<Self> {
        let installation = Self { program: program.to_owned(), folder: folder.to_owned(), database };
        let credentials = installation.credentials_file();
        let mut command = installation.command(&["operator", "recover", "--yes", "--operator-credentials"]);
        process::output(command.arg(credentials))?;
        Ok(installation)
    }

    /// `turnkeep ARGUMENTS` on this folder and database.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = process::mortal_command(&self.program);
        command.args(arguments).env("TURNKEEP_DATA", &self.folder).stdin(Stdio::null());
        if let Some(database) = &self.database {
            // Not an argument: it has a password.
            command.env("TURNKEEP_DATABASE", database);
        }
        command
    }

    /// Starts the server on a free port of loopback and waits until it is ready. Its log goes to a file.
    pub(crate) fn start(&self) -> anyhow::Result<RunningServer> {
        self.start_at(free_address()?, &self.log_file(), |_| {})
    }

    /// Starts one of several servers, which never turns anybody away to protect itself. `adjust` may change its
    /// environment.
    pub(crate) fn start_at(
        &self,
        address: SocketAddr,
        log_file: &Path,
        adjust: impl FnOnce(&mut Command),
    ) -> anyhow::Result<RunningServer> {
        let credentials = self.credentials_file();
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log_file)?;
        let mut command = self.command(&["serve"]);
        if !credentials.exists() {
            command.arg("--operator-credentials").arg(&credentials);
        }
        command.args(["--listen", &address.to_string()]).env("TURNKEEP_LOG", "warn");
        command.envs(NO_LIMIT_BITES.map(|(name, value)| (format!("TURNKEEP_{name}"), value)));
        command.env(GUARD_THRESHOLDS, NO_THRESHOLD).env(GUARD_QUEUE, ENDLESS_PASSES);
        adjust(&mut command);
        let child =
            command.stdout(log.try_clone()?).stderr(log).spawn().context("could not start turnkeep")?;
        let mut server = RunningServer { address, child };
        server.wait_until_ready().with_context(|| format!("see {}", log_file.display()))?;
        Ok(server)
    }

    /// Of the operator's app, which the first start has made.
    pub(crate) fn operator(&self) -> anyhow::Result<Credentials> {
        let text = std::fs::read_to_string(self.credentials_file()).context("there is no operator yet")?;
        Credentials::read(&serde_json::from_str(&text)?)
    }

    pub(crate) fn log_file(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// Says how the log ends, for whoever looks for the cause of a failure.
    pub(crate) fn show_end_of_log(&self) {
        let file = self.log_file();
        eprintln!("the end of {}:\n{}", file.display(), process::last_lines(&file));
    }

    /// Removes the folder: it holds keys and secrets, if only of records that are good for nothing.
    pub(crate) fn remove(self) -> anyhow::Result<()> {
        std::fs::remove_dir_all(&self.folder)
            .with_context(|| format!("could not remove {}", self.folder.display()))
    }

    fn credentials_file(&self) -> PathBuf {
        self.folder.join("operator.json")
    }
}

/// A child process. Dropping it kills it, without any warning.
pub(crate) struct RunningServer {
    address: SocketAddr,
    child: Child,
}

impl RunningServer {
    /// One that was started in another way.
    pub(crate) fn new(address: SocketAddr, child: Child) -> Self {
        Self { address, child }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends it a signal such as `STOP`.
    pub(crate) fn signal(&self, name: &str) -> anyhow::Result<()> {
        process::signal(self.child.id(), name)
    }

    /// How much memory it occupies at present.
    pub(crate) fn resident_bytes(&self) -> anyhow::Result<u64> {
        process::resident_bytes(self.child.id())
    }

    /// Tells it to end, and waits until it has.
    pub(crate) fn end(mut self) -> anyhow::Result<()> {
        self.signal("TERM")?;
        let begin = Instant::now();
        while begin.elapsed() < END_TIMEOUT {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.success(), "the server ended with {status}");
                return Ok(());
            }
            thread::sleep(Duration::from_millis(10));
        }
        bail!("the server did not end within {} s", END_TIMEOUT.as_secs())
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the server had ended by itself ({status})");
        }
        self.child.kill().context("could not kill the server")?;
        self.child.wait().context("could not wait for the server")?;
        Ok(())
    }

    pub(crate) fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let begin = Instant::now();
        while begin.elapsed() < START_TIMEOUT {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended ({status})");
            }
            if http::get(self.address, "/health/ready").is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        bail!("the server was not ready after {} s", START_TIMEOUT.as_secs())
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server by its name, for browsers keep passkeys for names only (Web Authentication Level 3 §5.1.3).
pub(crate) fn issuer_at(server: SocketAddr) -> String {
    format!("http://localhost:{}", server.port())
}

/// The port could be taken before the server does, but who would.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("there is no free port")?;
    Ok(listener.local_addr()?)
}

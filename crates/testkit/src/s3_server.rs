//! s3s-fs for tests: a server that speaks S3 and verifies signatures, on a free port over a temporary folder, ended
//! when dropped. `cargo xtask setup` installs it.

use std::fmt;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// The access key of every server.
pub const ACCESS_KEY: &str = "turnkeep-test";
/// The secret key that belongs to it.
pub const SECRET_KEY: &str = "a/secret+of=the-tests";
/// The bucket that every server has.
pub const BUCKET: &str = "photos";

/// Why there is no S3 server to test with.
#[derive(thiserror::Error)]
pub enum S3ServerError {
    /// The program is not there, or did not run.
    #[error("no s3s-fs found: run `cargo xtask setup`")]
    NotRun(#[source] io::Error),
    /// It ended before it said where it listens.
    #[error("s3s-fs ended before it listened")]
    NotListening,
}

/// A test that unwraps shows this: it shall say what to install.
impl fmt::Debug for S3ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRun(cause) => write!(f, "{self}: {cause}"),
            Self::NotListening => write!(f, "{self}"),
        }
    }
}

/// A running server.
#[derive(Debug)]
pub struct S3Server {
    process: Child,
    endpoint: String,
    _folder: TempDir,
}

impl S3Server {
    /// At the system's choice of a port.
    ///
    /// # Errors
    /// When the program is not installed or does not come up.
    pub fn start() -> Result<Self, S3ServerError> {
        Self::start_with(&["--host", "127.0.0.1", "--port", "0"])
    }

    /// Takes buckets from host names below `domain`, which includes a port and so cannot leave its choice to the
    /// system. The address keeps test processes apart.
    ///
    /// # Errors
    /// When the program is not installed or does not come up.
    pub fn start_for(domain: &str, port: u16) -> Result<Self, S3ServerError> {
        let [_, _, high, low] = std::process::id().to_be_bytes();
        let (host, port) = (format!("127.77.{high}.{}", low.clamp(1, 254)), port.to_string());
        Self::start_with(&["--host", &host, "--port", &port, "--domain", &format!("{domain}:{port}")])
    }

    fn start_with(arguments: &[&str]) -> Result<Self, S3ServerError> {
        let folder = tempfile::tempdir().map_err(S3ServerError::NotRun)?;
        std::fs::create_dir(folder.path().join(BUCKET)).map_err(S3ServerError::NotRun)?;
        let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/s3s/bin/s3s-fs");
        let program = if installed.is_file() { installed.as_path() } else { Path::new("s3s-fs") };
        let process = Command::new(program)
            .args(arguments)
            .args(["--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY])
            .arg(folder.path())
            .env("RUST_LOG", "info")
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(S3ServerError::NotRun)?;
        let mut server = Self { process, endpoint: String::new(), _folder: folder };
        server.endpoint = server.said_endpoint().ok_or(S3ServerError::NotListening)?;
        Ok(server)
    }

    /// The server prints where it listens.
    fn said_endpoint(&mut self) -> Option<String> {
        let lines = BufReader::new(self.process.stdout.take()?).lines();
        lines
            .map_while(Result::ok)
            .find_map(|line| line.split_once("http://").map(|(_, address)| address.trim().to_owned()))
    }

    /// `host:port`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The host alone.
    pub fn address(&self) -> &str {
        self.endpoint.split(':').next().unwrap_or_default()
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

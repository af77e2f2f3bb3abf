//! s3s-fs on a free port over a temporary folder, ended when dropped. `cargo xtask setup` installs it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

pub(crate) const ACCESS_KEY: &str = "turnkeep-test";
pub(crate) const SECRET_KEY: &str = "a secret of the tests";
pub(crate) const BUCKET: &str = "photos";

pub(crate) struct S3Server {
    process: Child,
    endpoint: String,
    _folder: TempDir,
}

impl S3Server {
    /// At the system's choice of a port.
    pub(crate) fn start() -> Self {
        Self::start_with(&["--host", "127.0.0.1", "--port", "0"])
    }

    /// Takes buckets from host names below `domain`, which includes a port and so cannot leave its choice to the
    /// system. The address keeps test processes apart.
    pub(crate) fn start_for(domain: &str, port: u16) -> Self {
        let [_, _, high, low] = std::process::id().to_be_bytes();
        let (host, port) = (format!("127.77.{high}.{}", low.clamp(1, 254)), port.to_string());
        Self::start_with(&["--host", &host, "--port", &port, "--domain", &format!("{domain}:{port}")])
    }

    fn start_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/s3s/bin/s3s-fs");
        let program = if installed.is_file() { installed.as_path() } else { Path::new("s3s-fs") };
        let mut process = Command::new(program)
            .args(arguments)
            .args(["--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY])
            .arg(folder.path())
            .env("RUST_LOG", "info")
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("no s3s-fs found: run `cargo xtask setup`");
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        // The server prints where it listens.
        let endpoint = lines
            .map_while(Result::ok)
            .find_map(|line| line.split_once("http://").map(|(_, address)| address.trim().to_owned()));
        let endpoint = endpoint.expect("s3s-fs ended before it listened");
        Self { process, endpoint, _folder: folder }
    }

    /// `host:port`.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(crate) fn address(&self) -> &str {
        self.endpoint.split(':').next().unwrap()
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

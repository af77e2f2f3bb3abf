//! A Redis or Valkey server for tests: on a socket in a temporary folder, keeping nothing, ended when dropped.
//! `cargo xtask setup` installs one.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

const PROGRAMS: [&str; 2] = ["valkey-server", "redis-server"];
const CERTIFICATE: &str = "certificate.pem";
const PRIVATE_KEY: &str = "key.pem";

/// Why there is no server to test with.
#[derive(thiserror::Error)]
pub enum RedisServerError {
    /// No program is there, or it did not run.
    #[error("no valkey-server or redis-server found: run `cargo xtask setup`")]
    NotRun(#[source] io::Error),
    /// It ended before it was ready.
    #[error("the server ended before it was ready")]
    NotReady,
}

/// A test that unwraps shows this: it shall say what to install.
impl fmt::Debug for RedisServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRun(cause) => write!(f, "{self}: {cause}"),
            Self::NotReady => write!(f, "{self}"),
        }
    }
}

/// A server, running or killed.
#[derive(Debug)]
pub struct RedisServer {
    process: Child,
    arguments: Vec<String>,
    folder: TempDir,
}

impl RedisServer {
    /// A server that asks for no password.
    ///
    /// # Errors
    /// When no program is installed or it does not come up.
    pub fn start() -> Result<Self, RedisServerError> {
        Self::start_with(&[])
    }

    /// A server with further arguments, such as `["--requirepass", "canary"]`.
    ///
    /// # Errors
    /// When no program is installed or it does not come up.
    pub fn start_with(arguments: &[&str]) -> Result<Self, RedisServerError> {
        let folder = tempfile::tempdir().map_err(RedisServerError::NotRun)?;
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let process = run(&folder, &arguments)?;
        Ok(Self { process, arguments, folder })
    }

    /// `unix:///…`
    pub fn url(&self) -> String {
        format!("unix://{}", socket(&self.folder))
    }

    /// A server that also listens for TLS, and where: `rediss://…`. Its certificate is [`Self::certificate`].
    ///
    /// # Errors
    /// When no program is installed, it does not come up, or there is no `openssl` to make a certificate.
    pub fn start_with_tls() -> Result<(Self, String), RedisServerError> {
        let folder = tempfile::tempdir().map_err(RedisServerError::NotRun)?;
        // The address keeps test processes apart, and the system knows a port that is free.
        let [_, _, high, low] = std::process::id().to_be_bytes();
        let host = Ipv4Addr::new(127, 77, high, low.clamp(1, 254)).to_string();
        let listener = TcpListener::bind((host.as_str(), 0)).map_err(RedisServerError::NotRun)?;
        let port = listener.local_addr().map_err(RedisServerError::NotRun)?.port().to_string();
        drop(listener);
        make_certificate(&folder, &host).map_err(RedisServerError::NotRun)?;
        let arguments = ["--bind", &host, "--tls-port", &port, "--tls-auth-clients", "no"];
        let files = ["--tls-cert-file", CERTIFICATE, "--tls-key-file", PRIVATE_KEY];
        let arguments: Vec<String> = arguments.into_iter().chain(files).map(str::to_owned).collect();
        let process = run(&folder, &arguments)?;
        Ok((Self { process, arguments, folder }, format!("rediss://{host}:{port}")))
    }

    /// The certificate of a server that was started with TLS, in PEM.
    ///
    /// # Errors
    /// When it was started without.
    pub fn certificate(&self) -> io::Result<Vec<u8>> {
        std::fs::read(self.folder.path().join(CERTIFICATE))
    }

    /// What the server replies to a command of plain words, a line for each value.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn command(&self, words: &[&str]) -> io::Result<String> {
        let mut stream = UnixStream::connect(socket(&self.folder))?;
        stream.write_all(format!("{}\r\nQUIT\r\n", words.join(" ")).as_bytes())?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        let reply = reply.strip_suffix("+OK\r\n").unwrap_or(&reply);
        // Counts and lengths say nothing that the lines do not.
        let values = reply.lines().filter(|line| !line.starts_with(['*', '$']));
        Ok(values.map(|line| line.trim_start_matches([':', '+'])).collect::<Vec<_>>().join("\n"))
    }

    /// Ends it at once, with all that it has counted.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill(&mut self) -> io::Result<()> {
        self.process.kill()?;
        self.process.wait().map(|_| ())
    }

    /// Starts it anew after [`Self::kill`], at the same address and empty.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn restart(&mut self) -> Result<(), RedisServerError> {
        self.process = run(&self.folder, &self.arguments)?;
        Ok(())
    }

    /// Lets it hang: it takes connections and answers nothing.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn freeze(&self) -> io::Result<()> {
        self.signal("-STOP")
    }

    /// Lets it go on after [`Self::freeze`].
    ///
    /// # Errors
    /// When the system refuses.
    pub fn thaw(&self) -> io::Result<()> {
        self.signal("-CONT")
    }

    fn signal(&self, signal: &str) -> io::Result<()> {
        let sent = Command::new("kill").arg(signal).arg(self.process.id().to_string()).status()?;
        if sent.success() { Ok(()) } else { Err(io::Error::other("kill failed")) }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

fn run(folder: &TempDir, arguments: &[String]) -> Result<Child, RedisServerError> {
    let mut failure = None;
    for program in PROGRAMS {
        match spawn(program, folder, arguments) {
            Ok(process) => return until_ready(process),
            Err(error) => failure = Some(error),
        }
    }
    Err(RedisServerError::NotRun(failure.unwrap_or_else(|| io::ErrorKind::NotFound.into())))
}

fn spawn(program: &str, folder: &TempDir, arguments: &[String]) -> io::Result<Child> {
    Command::new(program)
        .args(["--port", "0", "--unixsocket", &socket(folder), "--save", "", "--appendonly", "no"])
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

/// The server says when it takes connections.
fn until_ready(mut process: Child) -> Result<Child, RedisServerError> {
    let said = process.stdout.take().map(|output| BufReader::new(output).lines());
    let mut lines = said.into_iter().flatten().map_while(Result::ok);
    if lines.any(|line| line.contains("ready to accept connections") || line.contains("now ready")) {
        return Ok(process);
    }
    let _ = process.kill();
    let _ = process.wait();
    Err(RedisServerError::NotReady)
}

/// A certificate for `host` that is its own issuer.
fn make_certificate(folder: &TempDir, host: &str) -> io::Result<()> {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
        .args(["-keyout", PRIVATE_KEY, "-out", CERTIFICATE, "-days", "2", "-subj", "/CN=redis"])
        .args(["-addext", &format!("subjectAltName=IP:{host}")])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .current_dir(folder.path())
        .stderr(Stdio::null())
        .status()?;
    if made.success() { Ok(()) } else { Err(io::Error::other("openssl made no certificate")) }
}

fn socket(folder: &TempDir) -> String {
    folder.path().join("socket").display().to_string()
}

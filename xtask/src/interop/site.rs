//! A web server of somebody else's with a folder of its own: one process, and nobody's if we are root.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::http::{Answer, Connection, Request};
use crate::installation::free_address;
use crate::process::{self, last_lines};

const START_TIMEOUT: Duration = Duration::from_secs(120);
/// The number that every system gives to `nobody`.
const NOBODY: u32 = 65_534;
const LOG: &str = "error.log";

/// Files of a web server, and the server once it is started. Dropping it ends the server and removes the files.
pub(super) struct Site {
    folder: PathBuf,
    address: SocketAddr,
    is_root: bool,
    server: Option<Child>,
}

impl Site {
    /// An empty folder and a free port. Not below the repository, where nobody might not get.
    pub(super) fn create(name: &str) -> anyhow::Result<Self> {
        Self::create_at(name, free_address()?)
    }

    /// The same at a port that others know already.
    pub(super) fn create_at(name: &str, address: SocketAddr) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("turnkeep-interop-{name}-{}", std::process::id()));
        // What a process of the same number has left behind.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).with_context(|| format!("could not make {}", folder.display()))?;
        // Its configuration has secrets.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
        let is_root = fs::metadata(&folder)?.uid() == 0;
        let site = Self { folder, address, is_root, server: None };
        site.hand_over(&site.folder)?;
        Ok(site)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the server has to write its errors.
    pub(super) fn log(&self) -> PathBuf {
        self.folder.join(LOG)
    }

    /// Writes a file, and the folders above it.
    pub(super) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> anyhow::Result<PathBuf> {
        let mut folder = self.folder.clone();
        let file = self.folder.join(name);
        for part in Path::new(name).parent().into_iter().flat_map(Path::iter) {
            folder.push(part);
            if !folder.exists() {
                fs::create_dir(&folder)?;
                self.hand_over(&folder)?;
            }
        }
        fs::write(&file, content).with_context(|| format!("could not write {}", file.display()))?;
        self.hand_over(&file)?;
        Ok(file)
    }

    /// Starts the server and waits until it takes connections.
    pub(super) fn start(&mut self, program: &Path, adjust: impl FnOnce(&mut Command)) -> anyhow::Result<()> {
        let output = fs::File::create(self.folder.join("output.log"))?;
        let mut command = process::mortal_command(program);
        command.current_dir(&self.folder).stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        if self.is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        adjust(&mut command);
        let child = command.spawn().with_context(|| format!("could not start {}", program.display()))?;
        let child = self.server.insert(child);
        let begin = Instant::now();
        while begin.elapsed() < START_TIMEOUT {
            if let Some(status) = child.try_wait()? {
                let said = last_lines(&self.folder.join("output.log"));
                bail!("{} ended ({status}): {said}\n{}", program.display(), last_lines(&self.log()));
            }
            if TcpStream::connect(self.address).is_ok() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        bail!("{} does not listen after {} s", program.display(), START_TIMEOUT.as_secs())
    }

    /// `GET path` with these headers.
    pub(super) fn get(&self, path: &str, headers: Vec<(&'static str, String)>) -> anyhow::Result<Answer> {
        Connection::new(self.address).send(&Request {
            method: "GET",
            path: path.to_owned(),
            headers,
            ..Request::default()
        })
    }

    /// Adds the end of the server's log to a failure.
    pub(super) fn explain<T>(&self, outcome: anyhow::Result<T>) -> anyhow::Result<T> {
        outcome.with_context(|| format!("the end of the log:\n{}", last_lines(&self.log())))
    }

    fn hand_over(&self, path: &Path) -> anyhow::Result<()> {
        if self.is_root {
            chown(path, Some(NOBODY), Some(NOBODY))?;
        }
        Ok(())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // Best effort: whatever led here shall report its own failure.
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

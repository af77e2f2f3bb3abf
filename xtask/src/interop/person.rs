//! Somebody at a headless Chromium, who runs errands for the clients.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::json;

use crate::http::{Connection, Request};
use crate::installation::RunningServer;
use crate::management::text;
use crate::users::User;
use crate::{process, setup};

/// How long a browser may take to start.
const START_TIMEOUT: Duration = Duration::from_secs(180);

/// The process with the browser. Dropping it kills it.
pub(super) struct Person {
    address: SocketAddr,
    process: RunningServer,
}

impl Person {
    /// Starts the browser in a folder for its files.
    pub(super) fn start(tools: &setup::InteropTools, folder: &Path, user: &User) -> anyhow::Result<Self> {
        let mut command = process::mortal_command(Path::new("node"));
        command.arg(tools.clients.join("person.mjs")).arg(&tools.chromium);
        command.arg(user.name).arg(&user.password_file).env("TMPDIR", folder);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take();
        // From here on it is killed, whatever happens. Where it listens, only it knows.
        let process = RunningServer::new(SocketAddr::from(([127, 0, 0, 1], 0)), child);
        let mut lines = BufReader::new(output.context("the browser's program has no output")?).lines();
        let (tell, told) = channel();
        thread::spawn(move || tell.send(lines.next()));
        let line =
            told.recv_timeout(START_TIMEOUT).ok().flatten().context("the browser does not start")??;
        let address = line.strip_prefix("listening on ").context("the browser's program says no address")?;
        Ok(Self { address: address.parse()?, process })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Opens `url` in the browser of a name, until it arrives at `until`. What the page there says.
    pub(super) fn errand(&self, browser: &str, url: &str, until: &str) -> anyhow::Result<String> {
        let body = json!({"browser": browser, "url": url, "until": until}).to_string();
        let request = Request { method: "POST", path: "/".to_owned(), body, ..Request::default() };
        let answer = Connection::new(self.address()).send(&request)?;
        let said = answer.json()?;
        ensure!(answer.status == 200, "in the browser: {}", text(&said, "error")?);
        text(&said, "text")
    }

    /// Closes the browser.
    pub(super) fn end(self) -> anyhow::Result<()> {
        self.process.end()
    }
}

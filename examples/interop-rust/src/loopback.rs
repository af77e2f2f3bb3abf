//! The redirect receiver of a native application: a free port of a loopback address (RFC 8252 §7.3).

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use url::Url;

const TIMEOUT: Duration = Duration::from_secs(60);
/// Browsers open connections that they never use.
const READ_TIMEOUT: Duration = Duration::from_secs(2);

/// Listens as long as the program runs.
pub(crate) struct Loopback {
    origin: String,
    arrivals: Receiver<Url>,
}

impl Loopback {
    /// On a free port.
    pub(crate) fn open() -> anyhow::Result<Self> {
        Self::open_at((Ipv4Addr::LOCALHOST, 0).into())
    }

    /// On the port of a registered URL.
    pub(crate) fn open_for(url: &str) -> anyhow::Result<Self> {
        let addresses = Url::parse(url)?.socket_addrs(|| None)?;
        Self::open_at(*addresses.first().context("the URL has no address")?)
    }

    fn open_at(address: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address).context("the port is not free")?;
        let origin = format!("http://{}", listener.local_addr()?);
        let (tell, arrivals) = channel();
        let base = origin.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (tell, base) = (tell.clone(), base.clone());
                // A connection that says nothing holds up no other.
                thread::spawn(move || answer(stream, &base, &tell));
            }
        });
        Ok(Self { origin, arrivals })
    }

    /// A URL of this receiver.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The next request for `path`, and its parameters.
    pub(crate) fn next(&self, path: &str) -> anyhow::Result<Parameters> {
        loop {
            let url = self.arrivals.recv_timeout(TIMEOUT).context("nobody came back")?;
            if url.path() == path {
                return Ok(Parameters(url));
            }
        }
    }
}

/// Parameters of an answer that came through the browser.
pub(crate) struct Parameters(Url);

impl Parameters {
    /// One that has to be there once.
    pub(crate) fn one(&self, name: &str) -> anyhow::Result<String> {
        let mut found = self.0.query_pairs().filter(|(key, _)| key == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Ok(value.into_owned()),
            (_, _) => anyhow::bail!("not one `{name}` came back: {:?}", self.0.query()),
        }
    }
}

fn answer(mut stream: TcpStream, base: &str, tell: &Sender<Url>) {
    // What a browser drops half way is none of our business.
    let _ = stream.set_read_timeout(Some(READ_TIMEOUT));
    let mut line = String::new();
    let _ = BufReader::new(&stream).read_line(&mut line);
    let target = line.split_whitespace().nth(1).and_then(|path| Url::parse(&format!("{base}{path}")).ok());
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    if let Some(target) = target {
        let _ = tell.send(target);
    }
}

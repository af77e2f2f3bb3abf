//! A node's way to the database: a port in front of PostgreSQL's socket, which can be cut.

use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;

use super::relay::{Listener, Passage, Relay};

/// Dropping it ends it.
pub(super) struct DatabaseLink {
    listener: Listener,
    relay: Arc<Relay>,
}

impl DatabaseLink {
    pub(super) fn start(socket: PathBuf) -> anyhow::Result<Self> {
        let relay = Arc::new(Relay::new());
        let used = Arc::clone(&relay);
        let serve = move |client: TcpStream| {
            // Who gets nowhere sees that connection end.
            if used.passage() != Passage::Closed
                && let Ok(server) = UnixStream::connect(&socket)
            {
                let _ = client.set_nodelay(true);
                let _ = used.run(client, server);
            }
        };
        let listener = Listener::start(serve).context("there is no port for a link to the database")?;
        Ok(Self { listener, relay })
    }

    /// Where a node finds a database.
    pub(super) fn url(&self, database: &str) -> String {
        format!("postgres://turnkeep@{}/{database}", self.listener.address())
    }

    /// Closed: the connections end and new ones end at once. Stalled: they stay, and nothing gets through until the
    /// link is open again; then everything does, late.
    pub(super) fn set(&self, passage: Passage) {
        self.relay.set(passage);
    }
}

impl Drop for DatabaseLink {
    fn drop(&mut self) {
        self.relay.set(Passage::Closed);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixListener;
    use std::thread;

    use super::*;

    /// A server that sends back what it gets.
    fn echo() -> (PathBuf, DatabaseLink, impl Fn() -> TcpStream) {
        let name = format!("turnkeep-link-{}-{:?}", std::process::id(), thread::current().id());
        let socket = std::env::temp_dir().join(name);
        let listener = UnixListener::bind(&socket).unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                thread::spawn(move || {
                    let mut byte = [0];
                    while stream.read_exact(&mut byte).is_ok() && stream.write_all(&byte).is_ok() {}
                });
            }
        });
        let link = DatabaseLink::start(socket.clone()).unwrap();
        let address = link.listener.address();
        (socket, link, move || TcpStream::connect(address).unwrap())
    }

    fn answer(stream: &mut TcpStream) -> Option<u8> {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok().map(|()| byte[0])
    }

    #[test]
    fn a_cut_link_ends_its_connections_and_takes_new_ones_when_it_is_restored() {
        let (socket, link, connect) = echo();
        let mut before = connect();
        before.write_all(b"a").unwrap();
        assert_eq!(answer(&mut before), Some(b'a'));
        link.set(Passage::Closed);
        assert_eq!(answer(&mut before), None);
        assert_eq!(answer(&mut connect()), None);
        link.set(Passage::Open);
        let mut after = connect();
        after.write_all(b"b").unwrap();
        assert_eq!(answer(&mut after), Some(b'b'));
        std::fs::remove_file(socket).unwrap();
    }

    #[test]
    fn a_stalled_link_keeps_what_it_gets() {
        let (socket, link, connect) = echo();
        let mut stream = connect();
        stream.write_all(b"a").unwrap();
        assert_eq!(answer(&mut stream), Some(b'a'));
        link.set(Passage::Stalled);
        stream.write_all(b"b").unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_millis(100))).unwrap();
        assert_eq!(answer(&mut stream), None);
        stream.set_read_timeout(None).unwrap();
        link.set(Passage::Open);
        assert_eq!(answer(&mut stream), Some(b'b'));
        std::fs::remove_file(socket).unwrap();
    }
}

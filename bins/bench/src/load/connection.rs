//! A kept connection that carries one request at a time.

use std::io::{self, Read, Write};
use std::net::SocketAddr;

use anyhow::{Context, bail, ensure};
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use crate::answer::Answer;

/// More than any answer that is measured has.
const READ_BYTES: usize = 16 << 10;

/// What came of looking at a connection that has something to read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Nothing, or not all of an answer.
    Nothing,
    /// The answer is there.
    Answered,
}

pub(super) struct Connection {
    address: SocketAddr,
    token: Token,
    stream: TcpStream,
    received: Vec<u8>,
    waits: bool,
}

impl Connection {
    pub(super) fn open(address: SocketAddr, token: Token, registry: &Registry) -> anyhow::Result<Self> {
        let stream = connect(address, token, registry)?;
        Ok(Self { address, token, stream, received: Vec::with_capacity(READ_BYTES), waits: false })
    }

    /// The connection must not carry a request.
    pub(super) fn send(&mut self, request: &[u8]) -> anyhow::Result<()> {
        let sent = self.stream.write(request).context("could not send a request")?;
        ensure!(sent == request.len(), "a request does not fit into the socket's buffer");
        self.waits = true;
        Ok(())
    }

    /// To be called whenever there is something to read. A server may close a connection that carries nothing.
    pub(super) fn receive(&mut self, expected: &[u8], registry: &Registry) -> anyhow::Result<Event> {
        let mut buffer = [0; READ_BYTES];
        loop {
            let read = match self.stream.read(&mut buffer) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error).context("could not read an answer"),
            };
            if read == 0 {
                ensure!(!self.waits, "the server closed a connection without an answer");
                self.reconnect(registry)?;
                return Ok(Event::Nothing);
            }
            self.received.extend(buffer.iter().take(read));
            // A short read has emptied the socket; the next byte is an event of its own.
            if read < buffer.len() {
                break;
            }
        }
        self.look(expected, registry)
    }

    fn look(&mut self, expected: &[u8], registry: &Registry) -> anyhow::Result<Event> {
        if !self.waits {
            if self.received.is_empty() {
                return Ok(Event::Nothing);
            }
            bail!("the server sent something that nobody asked for");
        }
        let Some(answer) = Answer::read(&self.received)? else { return Ok(Event::Nothing) };
        let (status, keeps) = (answer.status, answer.keeps);
        ensure!(
            answer.is_right(expected),
            "the answer is not the right one: status {status}, {}",
            answer.beginning()
        );
        self.waits = false;
        self.received.clear();
        if !keeps {
            self.reconnect(registry)?;
        }
        Ok(Event::Answered)
    }

    fn reconnect(&mut self, registry: &Registry) -> anyhow::Result<()> {
        registry.deregister(&mut self.stream)?;
        self.stream = connect(self.address, self.token, registry)?;
        Ok(())
    }
}

/// Waits for the connection, which takes no time on loopback.
fn connect(address: SocketAddr, token: Token, registry: &Registry) -> anyhow::Result<TcpStream> {
    let stream = std::net::TcpStream::connect(address).context("could not connect")?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    let mut stream = TcpStream::from_std(stream);
    registry.register(&mut stream, token, Interest::READABLE)?;
    Ok(stream)
}

//! A connection that asks one thing at a time, opened when there is something to ask. Nothing here waits: a server
//! that does not accept must not hold up the others.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, ensure};
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use super::tally::Outcome;
use crate::answer::Answer;

/// More than most answers have.
const READ_BYTES: usize = 16 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// There may be a connection, with nothing on it.
    Resting,
    /// The connection is not there yet.
    Opening,
    /// The request was written then, counted from the start of the run.
    Asked(Duration),
}

/// What is to be done after a look at a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing.
    Wait,
    /// Its request may be written.
    Write,
    /// Its request, written then, has ended.
    Ended(Duration, Outcome),
}

#[derive(Debug)]
pub(super) struct Client {
    token: Token,
    stream: Option<TcpStream>,
    state: State,
    received: Vec<u8>,
}

impl Client {
    pub(super) fn new(token: Token) -> Self {
        Self { token, stream: None, state: State::Resting, received: Vec::new() }
    }

    /// It has something to ask.
    pub(super) fn begin(&mut self, now: Duration, address: SocketAddr, registry: &Registry) -> Step {
        if self.stream.is_some() {
            return Step::Write;
        }
        let opened = TcpStream::connect(address).and_then(|mut stream| {
            stream.set_nodelay(true)?;
            registry.register(&mut stream, self.token, Interest::READABLE | Interest::WRITABLE)?;
            Ok(stream)
        });
        match opened {
            Ok(stream) => {
                self.stream = Some(stream);
                self.state = State::Opening;
                Step::Wait
            }
            Err(_) => Step::Ended(now, Outcome::Broken),
        }
    }

    /// To be called with the request whenever a step says so.
    pub(super) fn write(&mut self, request: &[u8], now: Duration) -> Step {
        let written = self.stream.as_mut().map(|stream| stream.write(request));
        match written {
            // A request is far smaller than an empty buffer of a socket.
            Some(Ok(length)) if length == request.len() => {
                self.state = State::Asked(now);
                Step::Wait
            }
            _ => self.broken(now),
        }
    }

    /// To be called whenever the connection has news.
    pub(super) fn look(&mut self, is_writable: bool, expected: &[u8], now: Duration) -> anyhow::Result<Step> {
        if self.state == State::Opening {
            let failed = self.stream.as_ref().is_none_or(|stream| !matches!(stream.take_error(), Ok(None)));
            return Ok(if failed {
                self.broken(now)
            } else if is_writable {
                Step::Write
            } else {
                Step::Wait
            });
        }
        match self.receive() {
            Ok(true) => self.end(expected),
            Ok(false) if self.state == State::Resting => {
                // Whoever does not ask may be left.
                self.close();
                Ok(Step::Wait)
            }
            Ok(false) | Err(_) => Ok(self.broken(now)),
        }
    }

    /// When its request was written, if it still waits for the answer.
    pub(super) fn waits_since(&self) -> Option<Duration> {
        match self.state {
            State::Asked(sent) => Some(sent),
            State::Resting | State::Opening => None,
        }
    }

    /// Takes what is there; `false` at the end of the connection.
    fn receive(&mut self) -> io::Result<bool> {
        let Some(stream) = &mut self.stream else { return Ok(true) };
        let mut buffer = [0; READ_BYTES];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => return Ok(false),
                Ok(read) => {
                    self.received.extend(buffer.iter().take(read));
                    // A short read has emptied the socket; the next byte is news of its own.
                    if read < buffer.len() {
                        return Ok(true);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn end(&mut self, expected: &[u8]) -> anyhow::Result<Step> {
        let State::Asked(sent) = self.state else { return Ok(Step::Wait) };
        let Some(answer) = Answer::read(&self.received)? else { return Ok(Step::Wait) };
        ensure!(
            answer.status != 200 || answer.is_right(expected),
            "a success is none: {}",
            answer.beginning()
        );
        let (status, keeps) = (answer.status, answer.keeps);
        self.received.clear();
        self.state = State::Resting;
        if !keeps {
            self.close();
        }
        Ok(Step::Ended(sent, Outcome::Answered(status)))
    }

    fn broken(&mut self, now: Duration) -> Step {
        let sent = self.waits_since().unwrap_or(now);
        self.close();
        Step::Ended(sent, Outcome::Broken)
    }

    /// Dropping a stream takes it off the poll.
    fn close(&mut self) {
        self.stream = None;
        self.state = State::Resting;
        self.received.clear();
    }
}

/// Checks early that a server is there at all, so that a run does not consist of failures.
pub(super) fn ensure_reachable(address: SocketAddr) -> anyhow::Result<()> {
    std::net::TcpStream::connect_timeout(&address, Duration::from_secs(5)).context("could not connect")?;
    Ok(())
}

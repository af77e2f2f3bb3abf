//! The loop that sends what is due and takes the answers. It never sleeps: it has a core of its own, and a timer
//! would be late by more than an answer takes.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use mio::{Events, Poll, Token};

use super::connection::{Connection, Event};
use super::latencies::{Figures, Latencies};
use super::requests::Requests;
use super::schedule::Schedule;

/// No answer takes that long unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an open connection carries.
#[derive(Debug, Clone, Copy)]
struct Carried {
    number: u32,
    due: Instant,
}

pub(super) struct Generator {
    poll: Poll,
    connections: Vec<(Connection, Option<Carried>)>,
    /// The one that has waited longest is next, so that the server does not close any of them for doing nothing.
    idle: VecDeque<usize>,
    requests: Requests,
    expected: Vec<u8>,
}

impl Generator {
    /// Opens all connections.
    pub(super) fn connect(
        address: SocketAddr,
        connections: u16,
        requests: Requests,
        expected: Vec<u8>,
    ) -> anyhow::Result<Self> {
        let poll = Poll::new()?;
        let open = |index: usize| -> anyhow::Result<_> {
            Ok((Connection::open(address, Token(index), poll.registry())?, None))
        };
        let connections: Vec<_> = (0..usize::from(connections)).map(open).collect::<anyhow::Result<_>>()?;
        let idle = (0..connections.len()).collect();
        Ok(Self { poll, connections, idle, requests, expected })
    }

    /// Sends everything and waits for the last answer. Latency counts from when a request was due, also if it had to
    /// wait for a connection: those who ask do not ask later because others wait.
    pub(super) fn run(mut self, schedule: &Schedule) -> anyhow::Result<Figures> {
        let mut latencies = Latencies::with_capacity(schedule.total());
        let mut events = Events::with_capacity(self.connections.len());
        let begin = Instant::now();
        let measured_from = begin + schedule.measured_from();
        let (mut sent, mut answered, mut last_answer) = (0, 0, begin);
        while answered < schedule.total() {
            sent = self.send_due(schedule, begin, sent)?;
            self.poll.poll(&mut events, Some(Duration::ZERO))?;
            for event in &events {
                let Some(carried) = self.receive(event.token())? else { continue };
                last_answer = Instant::now();
                answered += 1;
                if schedule.counts(carried.number) {
                    latencies.note(last_answer.saturating_duration_since(carried.due));
                }
            }
            ensure!(
                sent == answered || last_answer.elapsed() < PATIENCE,
                "there was no answer for {} s",
                PATIENCE.as_secs()
            );
        }
        latencies.figures(last_answer.saturating_duration_since(measured_from))
    }

    /// Returns the number of the next request.
    fn send_due(&mut self, schedule: &Schedule, begin: Instant, mut next: u32) -> anyhow::Result<u32> {
        while next < schedule.total() {
            let now = Instant::now();
            let due = schedule.due(next).map_or(now, |due| begin + due);
            if due > now {
                break;
            }
            let Some(index) = self.idle.pop_front() else { break };
            let (connection, carried) = self.connections.get_mut(index).context("no such connection")?;
            connection.send(self.requests.of(next))?;
            *carried = Some(Carried { number: next, due });
            next += 1;
        }
        Ok(next)
    }

    /// The request that is answered now, if one is.
    fn receive(&mut self, token: Token) -> anyhow::Result<Option<Carried>> {
        let (connection, carried) = self.connections.get_mut(token.0).context("no such connection")?;
        match connection.receive(&self.expected, self.poll.registry())? {
            Event::Nothing => Ok(None),
            Event::Answered => {
                self.idle.push_back(token.0);
                Ok(carried.take())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// A server that starts to answer so late, and then at once.
    fn serve(silent: Duration, answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                thread::spawn(move || {
                    let mut stream = BufReader::new(stream.unwrap());
                    let begin = Instant::now();
                    let mut line = String::new();
                    while stream.read_line(&mut line).is_ok_and(|read| read > 0) {
                        if line == "\r\n" {
                            while begin.elapsed() < silent {
                                thread::yield_now();
                            }
                            stream.get_mut().write_all(answer.as_bytes()).unwrap();
                        }
                        line.clear();
                    }
                });
            }
        });
        address
    }

    fn run(address: SocketAddr, connections: u16, schedule: &Schedule) -> anyhow::Result<Figures> {
        let requests = Requests::get(address, "/");
        Generator::connect(address, connections, requests, b"yes".to_vec())?.run(schedule)
    }

    const YES: &str = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes";

    #[test]
    fn every_request_is_answered_once() {
        let address = serve(Duration::ZERO, YES);
        for connections in [1, 3] {
            assert_eq!(run(address, connections, &Schedule::once(10)).unwrap().requests, 10);
        }
        let figures = run(address, 2, &Schedule::at_rate(100, 1, 1).unwrap()).unwrap();
        assert_eq!(figures.requests, 100, "the warm-up does not count");
    }

    #[test]
    fn a_wrong_answer_ends_the_run() {
        for answer in [
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno",
            "HTTP/1.1 503 Busy\r\nContent-Length: 3\r\n\r\nyes",
        ] {
            let address = serve(Duration::ZERO, answer);
            assert!(run(address, 1, &Schedule::once(10)).is_err(), "{answer}");
        }
    }

    #[test]
    fn those_who_could_not_even_ask_have_waited_too() {
        let address = serve(Duration::from_millis(900), YES);
        let figures = run(address, 1, &Schedule::at_rate(100, 1, 0).unwrap()).unwrap();
        assert!(figures.p50 > Duration::from_millis(300), "{figures}");
    }
}

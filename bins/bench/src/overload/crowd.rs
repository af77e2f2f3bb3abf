//! The loop that sends what is due for all groups and takes the answers. It never sleeps: it has a core of its own.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context;
use mio::{Events, Poll, Token};

use super::client::{Client, Step, ensure_reachable};
use super::group::Group;
use super::request::Requests;
use super::tally::{Outcome, Tally};
use super::{Figures, OverloadOptions};

/// A group at work.
struct Side {
    group: Group,
    requests: Requests,
    tally: Tally,
    /// The number of its next request.
    next: u64,
}

/// Somebody of a group.
struct Member {
    client: Client,
    side: usize,
    /// Its place in the group.
    index: u32,
    /// How many requests of it have ended.
    asked: u64,
}

/// Everybody.
pub(super) struct Crowd {
    address: SocketAddr,
    expected: Vec<u8>,
    poll: Poll,
    sides: Vec<Side>,
    members: Vec<Member>,
    /// Who asks next, and when, counted from the start of the run.
    due: BinaryHeap<Reverse<(Duration, usize)>>,
    under_way: usize,
    request: Vec<u8>,
}

impl Crowd {
    pub(super) fn gather(options: &OverloadOptions) -> anyhow::Result<Self> {
        ensure_reachable(options.address)?;
        let mut crowd = Self {
            address: options.address,
            expected: options.expect.clone().into_bytes(),
            poll: Poll::new()?,
            sides: Vec::new(),
            members: Vec::new(),
            due: BinaryHeap::new(),
            under_way: 0,
            request: Vec::new(),
        };
        for group in &options.groups {
            let requests = Requests::of(group, options)?;
            for index in 0..group.connections {
                let number = crowd.members.len();
                let client = Client::new(Token(number));
                crowd.members.push(Member { client, side: crowd.sides.len(), index, asked: 0 });
                crowd.due.push(Reverse((group.due(index, 0).unwrap_or(group.from), number)));
            }
            crowd.sides.push(Side { group: group.clone(), requests, tally: Tally::new(group), next: 0 });
        }
        Ok(crowd)
    }

    /// Asks until all groups are through, and waits so long for the last answers.
    pub(super) fn run(mut self, patience: Duration) -> anyhow::Result<Figures> {
        let end = self.sides.iter().map(|side| side.group.end()).max().unwrap_or_default();
        let mut events = Events::with_capacity(1_024);
        let begin = Instant::now();
        let (mut idle, mut now) = (Duration::ZERO, Duration::ZERO);
        while now < end || (self.under_way > 0 && now < end + patience) {
            let sent = self.send_due(now)?;
            self.poll.poll(&mut events, Some(Duration::ZERO))?;
            for event in &events {
                let Token(number) = event.token();
                let member = self.members.get_mut(number).context("no such client")?;
                let step = member.client.look(event.is_writable(), &self.expected, begin.elapsed())?;
                self.follow(number, step, begin.elapsed())?;
            }
            let before = std::mem::replace(&mut now, begin.elapsed());
            if !sent && events.is_empty() {
                idle += now - before;
            }
        }
        Ok(self.figures(idle.as_secs_f64() / now.as_secs_f64()))
    }

    /// Whether anybody was due.
    fn send_due(&mut self, now: Duration) -> anyhow::Result<bool> {
        let mut anybody = false;
        while let Some(Reverse((due, number))) = self.due.peek().copied() {
            if now < due {
                break;
            }
            self.due.pop();
            anybody = true;
            let member = self.members.get_mut(number).context("no such client")?;
            let end = self.sides.get(member.side).context("no such group")?.group.end();
            if now < end {
                let step = member.client.begin(now, self.address, self.poll.registry());
                self.under_way += 1;
                self.follow(number, step, now)?;
            }
        }
        Ok(anybody)
    }

    fn follow(&mut self, number: usize, step: Step, now: Duration) -> anyhow::Result<()> {
        let member = self.members.get_mut(number).context("no such client")?;
        let side = self.sides.get_mut(member.side).context("no such group")?;
        let step = match step {
            Step::Write => {
                side.requests.write(side.next, &mut self.request)?;
                side.next += 1;
                member.client.write(&self.request, now)
            }
            step => step,
        };
        if let Step::Ended(sent, outcome) = step {
            side.tally.note(sent, now, outcome);
            member.asked += 1;
            self.under_way -= 1;
            let due = side.group.due(member.index, member.asked).unwrap_or(now);
            if due < side.group.end() {
                self.due.push(Reverse((due, number)));
            }
        }
        Ok(())
    }

    fn figures(mut self, idle: f64) -> Figures {
        for member in &self.members {
            let Some(side) = self.sides.get_mut(member.side) else { continue };
            if let Some(sent) = member.client.waits_since() {
                side.tally.note(sent, Duration::MAX, Outcome::Unanswered);
            }
        }
        let groups = self.sides.into_iter().map(|side| side.tally.figures(&side.group)).collect();
        Figures { idle_percent: (idle * 1_000.0).round() / 10.0, groups }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes";
    const BUSY: &str = "HTTP/1.1 503 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno";

    /// A server whose n-th answer is this one of them; an empty one closes the connection.
    fn serve(answers: &'static [&'static str]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let turn = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let turn = Arc::clone(&turn);
                thread::spawn(move || {
                    let mut stream = BufReader::new(stream.unwrap());
                    let (mut line, mut length) = (String::new(), 0);
                    while stream.read_line(&mut line).is_ok_and(|read| read > 0) {
                        if let Some(text) = line.strip_prefix("Content-Length: ") {
                            length = text.trim().parse().unwrap();
                        }
                        if line == "\r\n" {
                            std::io::Read::read_exact(&mut stream, &mut vec![0; length]).unwrap();
                            let answer = answers[turn.fetch_add(1, Ordering::Relaxed) % answers.len()];
                            stream.get_mut().write_all(answer.as_bytes()).unwrap();
                            if answer.is_empty() || answer == BUSY {
                                return;
                            }
                        }
                        line.clear();
                    }
                });
            }
        });
        address
    }

    fn run(address: SocketAddr, groups: &[&str]) -> anyhow::Result<serde_json::Value> {
        let options = OverloadOptions {
            address,
            path: "/".to_owned(),
            suffix: String::new(),
            expect: "yes".to_owned(),
            groups: groups.iter().map(|text| Group::parse(text).unwrap()).collect(),
        };
        let figures = Crowd::gather(&options)?.run(Duration::from_millis(50))?;
        Ok(serde_json::to_value(figures)?["groups"].take())
    }

    #[test]
    fn everything_that_is_due_is_sent_and_counted() {
        let groups = run(
            serve(&[OK]),
            &["name=a,connections=3,rate=60,seconds=1", "name=b,connections=1,rate=20,seconds=2,warm_up=1"],
        );
        let groups = groups.unwrap();
        assert_eq!((&groups[0]["offered"], &groups[0]["accepted"]), (&60.into(), &60.into()));
        assert_eq!((&groups[1]["offered"], &groups[1]["accepted"]), (&20.into(), &20.into()));
        assert_eq!(groups[1]["name"], "b");
    }

    #[test]
    fn refusals_and_broken_connections_are_counted_and_do_not_end_the_run() {
        let groups = run(serve(&[OK, BUSY, ""]), &["name=a,connections=1,rate=30,seconds=1"]).unwrap();
        let total = &groups[0]["total"];
        assert_eq!(total["statuses"], serde_json::json!({"200": 10, "503": 10}));
        assert_eq!(total["broken"], 10);
    }

    #[test]
    fn who_has_no_rate_asks_again_at_once() {
        let groups = run(serve(&[OK]), &["name=a,connections=2,seconds=1"]).unwrap();
        assert!(groups[0]["accepted"].as_u64().unwrap() > 200, "{}", groups[0]["total"]);
    }

    #[test]
    fn a_success_without_what_it_should_contain_ends_the_run() {
        const WRONG: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno";
        assert!(run(serve(&[WRONG]), &["name=a,connections=1,rate=5,seconds=1"]).is_err());
    }

    #[test]
    fn who_gets_no_answer_has_asked_all_the_same() {
        const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nyes";
        let groups = run(serve(&[HALF]), &["name=a,connections=4,rate=4,seconds=1"]).unwrap();
        assert_eq!((&groups[0]["total"]["sent"], &groups[0]["total"]["unanswered"]), (&4.into(), &4.into()));
    }
}

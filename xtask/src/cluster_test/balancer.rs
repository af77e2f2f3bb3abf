//! A load balancer: each connection goes to the next node that says it is ready. It remembers which one that was.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anyhow::Context;

use super::relay::{Listener, Relay, held};
use super::seat::{PerSeat, Seat};
use crate::http::{Connection, Request};

/// How often a node is asked whether it is ready.
const CHECK_EVERY: Duration = Duration::from_millis(50);
/// A node that takes longer to say so counts as dead.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// Dropping it ends it.
pub(super) struct Balancer {
    listener: Listener,
    shared: Arc<Shared>,
}

struct Shared {
    nodes: PerSeat<Node>,
    turn: AtomicUsize,
    /// By the client's end of the connection.
    routes: Mutex<HashMap<SocketAddr, Seat>>,
    over: AtomicBool,
}

struct Node {
    address: SocketAddr,
    is_ready: AtomicBool,
    relay: Arc<Relay>,
}

impl Balancer {
    pub(super) fn start(addresses: &PerSeat<SocketAddr>) -> anyhow::Result<Self> {
        let nodes = PerSeat::try_make(|seat| {
            let (address, is_ready) = (*addresses.at(seat), AtomicBool::new(false));
            Ok(Node { address, is_ready, relay: Arc::new(Relay::new()) })
        })?;
        let shared = Arc::new(Shared {
            nodes,
            turn: AtomicUsize::new(0),
            routes: Mutex::default(),
            over: AtomicBool::new(false),
        });
        for seat in Seat::ALL {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.watch(seat));
        }
        let serving = Arc::clone(&shared);
        let listener =
            Listener::start(move |client| serving.serve(client)).context("there is no port to balance")?;
        Ok(Self { listener, shared })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.listener.address()
    }

    /// The node that a connection went to. `client` is the client's end.
    pub(super) fn route(&self, client: SocketAddr) -> Option<Seat> {
        held(&self.shared.routes).get(&client).copied()
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        Seat::ALL.into_iter().for_each(|seat| self.shared.nodes.at(seat).relay.hang_up());
    }
}

impl Shared {
    fn watch(&self, seat: Seat) {
        let node = self.nodes.at(seat);
        while !self.over.load(Ordering::Relaxed) {
            let question = Request { method: "GET", path: "/health/ready".to_owned(), ..Request::default() };
            let answer = Connection::with_timeout(node.address, CHECK_TIMEOUT).send(&question);
            node.is_ready.store(answer.as_ref().is_ok_and(|answer| answer.status == 200), Ordering::Relaxed);
            // One that says that it is not ready also says so to its clients.
            if answer.is_err() {
                node.relay.hang_up();
            }
            thread::sleep(CHECK_EVERY);
        }
    }

    fn serve(&self, client: TcpStream) {
        let seat = self.choose();
        let node = self.nodes.at(seat);
        let Ok(peer) = client.peer_addr() else { return };
        held(&self.routes).insert(peer, seat);
        let _ = client.set_nodelay(true);
        if let Ok(server) = TcpStream::connect_timeout(&node.address, CHECK_TIMEOUT) {
            let _ = server.set_nodelay(true);
            let _ = node.relay.run(client, server);
        }
    }

    /// If none is ready any will do: it can say that much itself.
    fn choose(&self) -> Seat {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % Seat::ALL.len();
        let mut seats = Seat::ALL.into_iter().cycle().skip(turn).take(Seat::ALL.len());
        let first = seats.clone().next().unwrap_or(Seat::First);
        seats.find(|seat| self.nodes.at(*seat).is_ready.load(Ordering::Relaxed)).unwrap_or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(ready: [bool; 3]) -> Shared {
        let mut ready = ready.into_iter();
        let nodes = PerSeat::try_make(|_| {
            let is_ready = AtomicBool::new(ready.next().unwrap());
            Ok(Node { address: ([127, 0, 0, 1], 1).into(), is_ready, relay: Arc::new(Relay::new()) })
        });
        Shared {
            nodes: nodes.unwrap(),
            turn: AtomicUsize::new(0),
            routes: Mutex::default(),
            over: AtomicBool::new(true),
        }
    }

    #[test]
    fn nodes_take_turns_and_those_that_are_not_ready_are_left_out() {
        use Seat::{First, Second, Third};
        for (ready, expected) in [
            ([true, true, true], [First, Second, Third, First]),
            ([true, false, true], [First, Third, Third, First]),
            ([false, false, true], [Third, Third, Third, Third]),
            ([false, false, false], [First, Second, Third, First]),
        ] {
            let shared = shared(ready);
            assert_eq!([(); 4].map(|()| shared.choose()), expected, "{ready:?}");
        }
    }
}

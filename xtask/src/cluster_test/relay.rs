//! Passes bytes between two connections, until it is told to hold them back or to hang up.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What a relay does with bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    Open,
    /// They wait until the relay is open again, and nobody is told.
    Stalled,
    /// There are no connections.
    Closed,
}

/// A connection.
pub(super) trait Wire: Read + Write + Send + Sized + 'static {
    fn again(&self) -> io::Result<Self>;
    fn end(&self, how: Shutdown);
}

impl Wire for TcpStream {
    fn again(&self) -> io::Result<Self> {
        self.try_clone()
    }

    fn end(&self, how: Shutdown) {
        // The other side may have ended it before.
        let _ = self.shutdown(how);
    }
}

impl Wire for UnixStream {
    fn again(&self) -> io::Result<Self> {
        self.try_clone()
    }

    fn end(&self, how: Shutdown) {
        let _ = self.shutdown(how);
    }
}

type HangUp = Box<dyn Fn() + Send>;

/// Connections that share a fate.
pub(super) struct Relay {
    passage: Mutex<Passage>,
    changed: Condvar,
    open: Mutex<(u64, HashMap<u64, HangUp>)>,
}

impl Relay {
    pub(super) fn new() -> Self {
        let open = Mutex::new((0, HashMap::new()));
        Self { passage: Mutex::new(Passage::Open), changed: Condvar::new(), open }
    }

    /// Closing ends every connection.
    pub(super) fn set(&self, passage: Passage) {
        *held(&self.passage) = passage;
        self.changed.notify_all();
        if passage == Passage::Closed {
            self.hang_up();
        }
    }

    pub(super) fn passage(&self) -> Passage {
        *held(&self.passage)
    }

    /// Ends the connections that there are.
    pub(super) fn hang_up(&self) {
        for hang_up in held(&self.open).1.values() {
            hang_up();
        }
    }

    /// Passes bytes both ways until both sides have ended.
    pub(super) fn run(self: &Arc<Self>, left: impl Wire, right: impl Wire) -> io::Result<()> {
        let (left_again, right_again) = (left.again()?, right.again()?);
        let number = self.register(left.again()?, right.again()?);
        // Closed between the look of whoever called and now.
        if self.passage() == Passage::Closed {
            self.hang_up();
        }
        let relay = Arc::clone(self);
        let back = thread::spawn(move || relay.pump(right, left));
        self.pump(left_again, right_again);
        // It cannot panic; if it did, its connection is gone all the same.
        let _ = back.join();
        held(&self.open).1.remove(&number);
        Ok(())
    }

    fn register(&self, left: impl Wire, right: impl Wire) -> u64 {
        let mut open = held(&self.open);
        open.0 += 1;
        let number = open.0;
        let hang_up = move || {
            left.end(Shutdown::Both);
            right.end(Shutdown::Both);
        };
        open.1.insert(number, Box::new(hang_up));
        number
    }

    fn pump(&self, mut from: impl Wire, mut to: impl Wire) {
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            let passed = bytes.get(..count).unwrap_or_default();
            if !self.may_pass() || to.write_all(passed).is_err() {
                break;
            }
        }
        // The end of a connection is held back like everything else.
        if self.may_pass() {
            to.end(Shutdown::Write);
        }
        from.end(Shutdown::Read);
    }

    /// Waits while bytes are held back.
    fn may_pass(&self) -> bool {
        let passage = held(&self.passage);
        let stalled = |passage: &mut Passage| *passage == Passage::Stalled;
        let passage = self.changed.wait_while(passage, stalled).unwrap_or_else(PoisonError::into_inner);
        *passage == Passage::Open
    }
}

/// A thread that accepts connections on a port of loopback, and one for each that it has accepted.
pub(super) struct Listener {
    address: SocketAddr,
    over: Arc<AtomicBool>,
    accepting: Option<thread::JoinHandle<()>>,
}

impl Listener {
    pub(super) fn start(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let over = Arc::new(AtomicBool::new(false));
        let (is_over, serve) = (Arc::clone(&over), Arc::new(serve));
        let accepting = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                let serve = Arc::clone(&serve);
                thread::spawn(move || serve(stream));
            }
        });
        Ok(Self { address, over, accepting: Some(accepting) })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // One more connection, so that the thread looks.
        if TcpStream::connect(self.address).is_ok()
            && let Some(accepting) = self.accepting.take()
        {
            let _ = accepting.join();
        }
    }
}

/// Nobody who holds one of these locks leaves half of anything behind.
pub(super) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

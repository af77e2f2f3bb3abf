//! Resolves a name within a time limit, although the operating system's resolver knows none: it is asked on a
//! thread of its own, which is left behind when the time is up. The number of such threads is bounded.

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use crate::resolver::Resolver;

/// How many names are looked up at a time, those included that nobody waits for any more.
pub(crate) const MAX_LOOKUPS: usize = 32;

/// Why there are no addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LookupError {
    /// The resolver found none.
    Unknown,
    /// It took too long.
    TimedOut,
    /// [`MAX_LOOKUPS`] are running, or the system starts no further thread.
    Busy,
}

pub(crate) struct Lookups {
    resolver: Arc<dyn Resolver>,
    running: Arc<AtomicUsize>,
}

impl Lookups {
    pub(crate) fn new(resolver: Arc<dyn Resolver>) -> Self {
        Self { resolver, running: Arc::default() }
    }

    /// Asks the resolver once.
    pub(crate) fn addresses(&self, name: String, limit: Duration) -> Result<Vec<IpAddr>, LookupError> {
        let place = Place::take(&self.running).ok_or(LookupError::Busy)?;
        let resolver = Arc::clone(&self.resolver);
        let (sender, receiver) = mpsc::sync_channel(1);
        let look_up = move || {
            let outcome = resolver.resolve(&name);
            drop(place);
            // Nobody may be waiting any more.
            let _ = sender.send(outcome);
        };
        thread::Builder::new().name("lookup".to_owned()).spawn(look_up).map_err(|_| LookupError::Busy)?;
        match receiver.recv_timeout(limit) {
            Ok(Ok(addresses)) if !addresses.is_empty() => Ok(addresses),
            Ok(_) | Err(mpsc::RecvTimeoutError::Disconnected) => Err(LookupError::Unknown),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(LookupError::TimedOut),
        }
    }
}

/// One of the places for a running lookup, given back when dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(running: &Arc<AtomicUsize>) -> Option<Self> {
        let one_more = |count: usize| (count < MAX_LOOKUPS).then_some(count.saturating_add(1));
        running.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).ok()?;
        Some(Self(Arc::clone(running)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Mutex;

    use super::*;

    /// Answers when its channel says so, or when the channel's other end is gone.
    struct Blocked(Mutex<mpsc::Receiver<()>>);

    impl Resolver for Blocked {
        fn resolve(&self, _name: &str) -> io::Result<Vec<IpAddr>> {
            let _ = self.0.lock().unwrap().recv();
            Ok(vec![IpAddr::from([8, 8, 8, 8])])
        }
    }

    fn wait_until_idle(lookups: &Lookups) {
        while lookups.running.load(Ordering::Acquire) != 0 {
            thread::yield_now();
        }
    }

    #[test]
    fn the_limit_holds_although_the_resolver_knows_none() {
        let (_sender, receiver) = mpsc::channel();
        let lookups = Lookups::new(Arc::new(Blocked(Mutex::new(receiver))));
        let outcome = lookups.addresses("slow.example.".to_owned(), Duration::from_millis(1));
        assert_eq!(outcome, Err(LookupError::TimedOut));
    }

    #[test]
    fn lookups_that_nobody_waits_for_are_bounded_and_give_their_place_back() {
        let (sender, receiver) = mpsc::channel();
        let lookups = Lookups::new(Arc::new(Blocked(Mutex::new(receiver))));
        let name = || "slow.example.".to_owned();
        for _ in 0..MAX_LOOKUPS {
            assert_eq!(lookups.addresses(name(), Duration::ZERO), Err(LookupError::TimedOut));
        }
        assert_eq!(lookups.addresses(name(), Duration::from_secs(60)), Err(LookupError::Busy));
        drop(sender);
        wait_until_idle(&lookups);
        assert!(lookups.addresses(name(), Duration::from_secs(60)).is_ok());
    }

    #[test]
    fn a_resolver_that_fails_finds_nothing_or_panics_is_an_unknown_name() {
        struct Failing;
        impl Resolver for Failing {
            fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
                match name {
                    "empty" => Ok(Vec::new()),
                    "panic" => panic!("as a test wants it"),
                    _ => Err(io::Error::other("no such host")),
                }
            }
        }
        let lookups = Lookups::new(Arc::new(Failing));
        for name in ["empty", "panic", "error"] {
            let outcome = lookups.addresses(name.to_owned(), Duration::from_secs(60));
            assert_eq!(outcome, Err(LookupError::Unknown), "{name}");
        }
        wait_until_idle(&lookups);
    }
}

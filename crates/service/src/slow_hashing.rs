//! A bound on scrypt: so many at once, so many waiting, the rest is told to come back.

use std::sync::{Condvar, Mutex, PoisonError};

use crate::failure::Fault;

/// How much hashing may go on.
#[derive(Debug, Clone, Copy)]
pub struct HashingLimits {
    /// How many hashes run at once. Each takes a core, and 16 MiB or more.
    pub at_once: usize,
    /// How many may wait for their turn.
    pub waiting: usize,
}

#[derive(Debug, Default)]
struct Load {
    running: usize,
    waiting: usize,
}

/// Runs slow hashes on the calling thread, within the limits.
#[derive(Debug)]
pub(crate) struct SlowHashing {
    limits: HashingLimits,
    load: Mutex<Load>,
    freed: Condvar,
}

impl SlowHashing {
    pub(crate) fn new(limits: HashingLimits) -> Self {
        Self { limits, load: Mutex::default(), freed: Condvar::new() }
    }

    /// Waits for a turn, or refuses when too many wait already.
    pub(crate) fn run<T>(&self, hash: impl FnOnce() -> T) -> Result<T, Fault> {
        let _turn = self.turn()?;
        Ok(hash())
    }

    fn turn(&self) -> Result<Turn<'_>, Fault> {
        let mut load = self.load.lock().unwrap_or_else(PoisonError::into_inner);
        if self.limits.at_once <= load.running {
            if self.limits.waiting <= load.waiting {
                return Err(Fault::Overloaded);
            }
            load.waiting += 1;
            load = self
                .freed
                .wait_while(load, |load| self.limits.at_once <= load.running)
                .unwrap_or_else(PoisonError::into_inner);
            load.waiting -= 1;
        }
        load.running += 1;
        Ok(Turn(self))
    }
}

struct Turn<'a>(&'a SlowHashing);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut load = self.0.load.lock().unwrap_or_else(PoisonError::into_inner);
        load.running -= 1;
        drop(load);
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn never_more_at_once_than_allowed() {
        let hashing = SlowHashing::new(HashingLimits { at_once: 2, waiting: 64 });
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| {
                    let ran = hashing.run(|| {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                    });
                    assert!(ran.is_ok());
                });
            }
        });
        assert!((1..=2).contains(&most.load(Ordering::SeqCst)));
    }

    #[test]
    fn who_finds_the_queue_full_is_refused_at_once() {
        let hashing = SlowHashing::new(HashingLimits { at_once: 1, waiting: 0 });
        let (started, release) = (Barrier::new(2), Barrier::new(2));
        thread::scope(|scope| {
            scope.spawn(|| {
                hashing
                    .run(|| {
                        started.wait();
                        release.wait();
                    })
                    .unwrap();
            });
            started.wait();
            assert!(matches!(hashing.run(|| ()), Err(Fault::Overloaded)));
            release.wait();
        });
        assert!(hashing.run(|| ()).is_ok());
    }
}

//! A bound on scrypt: a few threads of its own, so many waiting, the rest is told to come back.
//!
//! Own threads, because each hash takes 16 MiB or more, and an allocator keeps what a thread has used: on whatever
//! thread a request runs, that would add up.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::failure::Fault;

/// How much hashing may go on.
#[derive(Debug, Clone, Copy)]
pub struct HashingLimits {
    /// How many hashes run at once. Each takes a core, and 16 MiB or more.
    pub at_once: usize,
    /// How many may wait for their turn.
    pub waiting: usize,
}

type Hash = Box<dyn FnOnce() + Send>;

/// Runs slow hashes, within the limits.
pub(crate) struct SlowHashing {
    queue: SyncSender<Hash>,
    /// How many were let in.
    count: AtomicU64,
}

impl SlowHashing {
    pub(crate) fn new(limits: HashingLimits) -> Self {
        let (queue, hashes) = sync_channel(limits.waiting);
        let hashes = Arc::new(Mutex::new(hashes));
        for _ in 0..limits.at_once {
            let hashes = Arc::clone(&hashes);
            thread::spawn(move || work_off(&hashes));
        }
        Self { queue, count: AtomicU64::new(0) }
    }

    /// How many slow hashes there have been.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Waits for a turn and the result, or refuses when too many wait already.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        hash: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let (done, result) = sync_channel(1);
        let hash: Hash = Box::new(move || {
            // Whoever waited may be gone.
            let _ = done.send(hash());
        });
        self.queue.try_send(hash).map_err(|_| Fault::Overloaded)?;
        self.count.fetch_add(1, Ordering::Relaxed);
        result.recv().map_err(|_| Fault::Overloaded)
    }
}

/// Until the queue is dropped. A hash that panics takes its thread with it, which no hash does.
fn work_off(hashes: &Mutex<Receiver<Hash>>) {
    loop {
        let next = hashes.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(hash) => hash(),
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn never_more_at_once_than_allowed() {
        let hashing = SlowHashing::new(HashingLimits { at_once: 2, waiting: 64 });
        let counts = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        thread::scope(|scope| {
            for _ in 0..32 {
                let counts = Arc::clone(&counts);
                let hashing = &hashing;
                scope.spawn(move || {
                    let ran = hashing.run(move || {
                        let (now, most) = &*counts;
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                    });
                    assert!(ran.is_ok());
                });
            }
        });
        assert!((1..=2).contains(&counts.1.load(Ordering::SeqCst)));
    }

    #[test]
    fn who_finds_the_queue_full_is_refused_at_once() {
        let hashing = SlowHashing::new(HashingLimits { at_once: 1, waiting: 1 });
        let (started, release) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        thread::scope(|scope| {
            let (begin, end) = (Arc::clone(&started), Arc::clone(&release));
            let hashing = &hashing;
            scope.spawn(move || {
                hashing
                    .run(move || {
                        begin.wait();
                        end.wait();
                    })
                    .unwrap();
            });
            started.wait();
            // One runs and one waits; the third is too many.
            let (done, _kept) = sync_channel(1);
            hashing.queue.try_send(Box::new(move || done.send(()).unwrap())).unwrap();
            assert!(matches!(hashing.run(|| ()), Err(Fault::Overloaded)));
            release.wait();
        });
    }

    #[test]
    fn a_pool_without_threads_refuses() {
        let hashing = SlowHashing::new(HashingLimits { at_once: 0, waiting: 0 });
        assert!(matches!(hashing.run(|| ()), Err(Fault::Overloaded)));
    }
}

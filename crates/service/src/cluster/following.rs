//! The thread that keeps a node in step for as long as it serves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use turnkeep_storage::change_hints::ChangeHints;
use turnkeep_storage::error::StoreResult;

use crate::authority::Authority;

/// How often hints are looked for: what a change takes to get to the other nodes is mostly this.
const HINTS_LOOKED_FOR: Duration = Duration::from_millis(3);

/// How long to wait before the next try to listen for hints.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// Why the thread wakes up.
enum Wake {
    /// Something may have changed.
    Look,
    /// No more.
    Stop,
}

/// Keeps an authority in step until it is stopped.
pub struct Following {
    wake: Sender<Wake>,
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Following {
    /// Looks for changes at least as often as `poll`, which has to be much shorter than a lease of two seconds. The
    /// first look is over when this returns, so that the node is ready if the database is.
    pub fn start(authority: &Arc<Authority>, poll: Duration) -> Self {
        authority.follower.set_followed();
        let mut steps = Steps::default();
        steps.take(authority);
        let (wake, woken) = channel();
        let is_over = Arc::new(AtomicBool::new(false));
        // Not waited for at the end: it may hang in a connection to a database that does not answer.
        let listener = (Arc::clone(authority), wake.clone(), Arc::clone(&is_over));
        thread::spawn(move || listen(&listener.0, &listener.1, &listener.2));
        let authority = Arc::clone(authority);
        let thread = thread::spawn(move || follow(&authority, &woken, poll, steps));
        Self { wake, is_over, thread }
    }

    /// Leaves the cluster, so that no change waits for this node any more. What it has in memory is not served from
    /// now on.
    pub fn stop(self) {
        self.is_over.store(true, Ordering::Relaxed);
        // It may have ended by itself, by a panic that was reported where it happened.
        let _ = self.wake.send(Wake::Stop);
        let _ = self.thread.join();
    }
}

fn follow(authority: &Authority, woken: &Receiver<Wake>, poll: Duration, mut steps: Steps) {
    while let Ok(Wake::Look) | Err(RecvTimeoutError::Timeout) = woken.recv_timeout(poll) {
        steps.take(authority);
    }
    if let Err(error) = authority.follower.leave() {
        tracing::warn!(error = %error, "could not leave the cluster; the next change will wait for this node");
    }
}

/// One look after the other. Says when it cannot, and when it can again.
#[derive(Default)]
struct Steps {
    is_failing: bool,
}

impl Steps {
    fn take(&mut self, authority: &Authority) {
        let renewed = authority.follower.renew();
        match (&renewed, self.is_failing) {
            (Err(error), false) => {
                tracing::error!(error = %error, "changes cannot be followed: serving ends with the lease");
            }
            (Ok(()), true) => tracing::info!("changes are followed again"),
            (Ok(()), false) | (Err(_), true) => {}
        }
        self.is_failing = renewed.is_err();
    }
}

/// Hints only make it faster: if there are none, or they fail, polling goes on.
fn listen(authority: &Authority, wake: &Sender<Wake>, is_over: &AtomicBool) {
    while !is_over.load(Ordering::Relaxed) {
        let listened = authority.store.change_hints().and_then(|hints| match hints {
            Some(hints) => pass_on(hints, wake, is_over).map(Some),
            None => Ok(None),
        });
        match listened {
            Ok(None) => return,
            Ok(Some(())) => {}
            Err(error) => tracing::debug!(error = %error, "no hints of changes for now"),
        }
        thread::sleep(LISTEN_AGAIN);
    }
}

fn pass_on(mut hints: Box<dyn ChangeHints>, wake: &Sender<Wake>, is_over: &AtomicBool) -> StoreResult<()> {
    while !is_over.load(Ordering::Relaxed) {
        if hints.arrived()? && wake.send(Wake::Look).is_err() {
            return Ok(());
        }
        thread::sleep(HINTS_LOOKED_FOR);
    }
    Ok(())
}

//! What waits to be delivered, and the thread that delivers it: nobody who serves a request waits for a mail server.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::deliver::{Deliver, DeliveryError};
use crate::message::MailMessage;

/// How much waits, and how long.
#[derive(Debug, Clone, Copy)]
pub struct QueueSettings {
    /// How many messages may wait.
    pub capacity: usize,
    /// How long to wait before the second and the third try. The messages behind wait as well: what keeps one from a
    /// mail server keeps them all.
    pub backoff: [Duration; 2],
    /// How long to go on with what waits once the [`MailThread`] is dropped.
    pub drain: Duration,
}

impl Default for QueueSettings {
    fn default() -> Self {
        Self {
            capacity: 256,
            backoff: [Duration::from_secs(2), Duration::from_secs(15)],
            drain: Duration::from_secs(10),
        }
    }
}

/// What has become of messages since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailCounts {
    /// Delivered.
    pub sent: u64,
    /// Given up.
    pub failed: u64,
    /// Not taken, as too many were waiting or the thread was stopping, or left over when it stopped.
    pub dropped: u64,
    /// Waiting now, with the one that is being delivered.
    pub waiting: u64,
}

/// The end of the queue that takes messages. Its clones are the same queue.
#[derive(Clone)]
pub struct MailQueue(Arc<Shared>);

/// The thread behind a queue. Dropping it delivers what waits, each with one try, for as long as the settings say.
pub struct MailThread {
    shared: Arc<Shared>,
    drain: Duration,
}

struct Shared {
    capacity: usize,
    waiting: Mutex<Waiting>,
    changed: Condvar,
    sent: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
}

#[derive(Default)]
struct Waiting {
    messages: VecDeque<MailMessage>,
    delivering: bool,
    stopping: bool,
    stopped: bool,
}

impl MailQueue {
    /// Starts the thread. Fails only if the system gives no thread.
    pub fn start(deliver: Box<dyn Deliver>, settings: QueueSettings) -> io::Result<(Self, MailThread)> {
        let shared = Arc::new(Shared {
            capacity: settings.capacity,
            waiting: Mutex::default(),
            changed: Condvar::new(),
            sent: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
        });
        let worker = Arc::clone(&shared);
        thread::Builder::new()
            .name("mail".to_owned())
            .spawn(move || Stopped(worker).0.run(deliver.as_ref(), settings.backoff))?;
        Ok((Self(Arc::clone(&shared)), MailThread { shared, drain: settings.drain }))
    }

    /// Takes a message, or says that it will not be sent. Never waits for a delivery.
    pub fn send(&self, message: MailMessage) -> bool {
        let mut waiting = self.0.lock();
        if waiting.stopping || self.0.capacity <= waiting.messages.len() {
            drop(waiting);
            self.0.dropped.fetch_add(1, Ordering::Relaxed);
            tracing::error!("a mail is dropped, as too many are waiting");
            return false;
        }
        waiting.messages.push_back(message);
        self.0.changed.notify_all();
        true
    }

    /// What has become of messages so far.
    pub fn counts(&self) -> MailCounts {
        let waiting = self.0.lock();
        let count = waiting.messages.len().saturating_add(usize::from(waiting.delivering));
        MailCounts {
            sent: self.0.sent.load(Ordering::Relaxed),
            failed: self.0.failed.load(Ordering::Relaxed),
            dropped: self.0.dropped.load(Ordering::Relaxed),
            waiting: u64::try_from(count).unwrap_or(u64::MAX),
        }
    }
}

/// Says that the thread is gone, also if it panics.
struct Stopped(Arc<Shared>);

impl Drop for Stopped {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.stopping = true;
        waiting.stopped = true;
        self.0.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, deliver: &dyn Deliver, backoff: [Duration; 2]) {
        while let Some(message) = self.next() {
            let outcome = self.deliver(deliver, &message, backoff);
            let mut waiting = self.lock();
            waiting.delivering = false;
            match outcome {
                Ok(()) => self.sent.fetch_add(1, Ordering::Relaxed),
                Err(error) => {
                    tracing::error!(%error, "a mail could not be delivered");
                    self.failed.fetch_add(1, Ordering::Relaxed)
                }
            };
        }
    }

    /// The next message, as soon as there is one; none once the queue is stopping and empty.
    fn next(&self) -> Option<MailMessage> {
        let mut waiting = self.lock();
        loop {
            if let Some(message) = waiting.messages.pop_front() {
                waiting.delivering = true;
                return Some(message);
            }
            if waiting.stopping {
                return None;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn deliver(
        &self,
        deliver: &dyn Deliver,
        message: &MailMessage,
        backoff: [Duration; 2],
    ) -> Result<(), DeliveryError> {
        for pause in backoff {
            match deliver.deliver(message) {
                Err(error) if error.is_transient() && self.pause(pause) => {
                    tracing::warn!(%error, "a mail could not be delivered yet");
                }
                decided => return decided,
            }
        }
        deliver.deliver(message)
    }

    /// Waits, unless the queue is stopping; says whether there is to be another try.
    fn pause(&self, pause: Duration) -> bool {
        let waiting = self.lock();
        let (waiting, _) = self
            .changed
            .wait_timeout_while(waiting, pause, |waiting| !waiting.stopping)
            .unwrap_or_else(PoisonError::into_inner);
        !waiting.stopping
    }
}

impl Drop for MailThread {
    fn drop(&mut self) {
        let end = Instant::now() + self.drain;
        let mut waiting = self.shared.lock();
        waiting.stopping = true;
        self.shared.changed.notify_all();
        while !waiting.stopped {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            (waiting, _) =
                self.shared.changed.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner);
        }
        // The thread may be in the middle of a message, and ends after it.
        let left_over = std::mem::take(&mut waiting.messages).len();
        if 0 < left_over {
            tracing::error!(left_over, "mails are dropped, as there is no more time to deliver them");
            self.shared.dropped.fetch_add(u64::try_from(left_over).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
    }
}

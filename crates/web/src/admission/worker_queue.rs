//! The queue of the thread that serves a connection: how long its passes are, as
//! [`RunQueue`](turnkeep_guard::resource::run_queue::RunQueue) judges them.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use actix_web::{rt, web};
use turnkeep_guard::resource::priority::Priority;
use turnkeep_guard::resource::run_queue::{RunQueue, RunQueueSettings};

use crate::state::WebState;

thread_local! {
    static QUEUE: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

/// What a thread knows of itself.
struct Worker {
    started: Instant,
    settings: RunQueueSettings,
    passes: RunQueue,
    /// When the work that is under way was accepted.
    working_since: Option<Duration>,
}

impl Worker {
    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

/// Runs work on this thread, as part of the pass under way.
pub(crate) fn work<T>(state: &web::Data<WebState>, work: impl FnOnce() -> T) -> T {
    let is_first = with_worker(state, |worker| {
        let now = worker.now();
        worker.passes.begin_work(now)
    });
    if is_first {
        let state = state.clone();
        // Takes its place behind everything that is ready now.
        rt::spawn(async move { end_pass(&state) });
    }
    let done = work();
    with_worker(state, |worker| {
        if let Some(since) = worker.working_since.take() {
            worker.passes.end_work(worker.now().saturating_sub(since));
        }
    });
    done
}

/// Whether this thread can take the work that asks. If so, what follows is measured.
pub(crate) fn has_room(state: &WebState, priority: Priority, goes_first: bool) -> bool {
    with_worker(state, |worker| {
        let now = worker.now();
        let has_room = goes_first || worker.passes.has_room(now, priority);
        if has_room {
            worker.working_since = Some(now);
        } else {
            worker.passes.turn_away();
        }
        has_room
    })
}

fn end_pass(state: &WebState) {
    let parked = state.gatekeeper.parked_for_each_worker();
    let least = with_worker(state, |worker| {
        let now = worker.now();
        worker.passes.end_pass(now, parked);
        worker.passes.take_least_pass()
    });
    if let Some(least) = least {
        state.gatekeeper.note_pass(least);
    }
}

fn with_worker<T>(state: &WebState, then: impl FnOnce(&mut Worker) -> T) -> T {
    QUEUE.with_borrow_mut(|queue| {
        let settings = state.gatekeeper.run_queue();
        // A thread that goes over to another server begins anew.
        if queue.as_ref().is_some_and(|worker| worker.settings != settings) {
            *queue = None;
        }
        then(queue.get_or_insert_with(|| {
            state.gatekeeper.note_worker();
            Worker { started: Instant::now(), settings, passes: RunQueue::new(settings), working_since: None }
        }))
    })
}

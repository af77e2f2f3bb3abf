//! One request under way, in a task of its own: nobody who waits for it can end it by going away.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::time::Instant;

use crate::authority::Authority;
use crate::state::{Outcome, State};

/// What all clones of a client share.
pub(crate) struct Shared {
    pub(crate) client_id: String,
    pub(crate) authority: Authority,
    pub(crate) state: Mutex<State>,
}

impl Shared {
    /// The state; a panic elsewhere leaves it usable, for every change of it is whole.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request. If its runtime is shut down before it lands, those who wait are told by the end of the channel.
pub(crate) struct Flight {
    shared: Arc<Shared>,
    outcome: Option<watch::Sender<Outcome>>,
}

impl Flight {
    /// Starts the task.
    pub(crate) fn start(shared: Arc<Shared>, outcome: watch::Sender<Outcome>) {
        let flight = Self { shared, outcome: Some(outcome) };
        drop(tokio::spawn(flight.run()));
    }

    async fn run(mut self) {
        let asked_at = Instant::now();
        let answer = self.shared.authority.grant().await;
        let outcome = self.shared.state().land(asked_at, Instant::now(), answer);
        if let Some(waiting) = self.outcome.take() {
            waiting.send_replace(Some(outcome));
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if self.outcome.is_some() {
            self.shared.state().abandon_flight();
        }
    }
}

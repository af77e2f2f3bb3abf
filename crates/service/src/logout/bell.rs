//! Wakes whoever delivers notices of logouts. Losing a ring costs a few seconds and nothing else.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The bell of a node.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    is_rung: Mutex<bool>,
    rung: Condvar,
}

impl Bell {
    /// There is something to do.
    pub(crate) fn ring(&self) {
        *self.is_rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.rung.notify_all();
    }

    /// Returns when it was rung since the last time, or after this long.
    pub(crate) fn wait(&self, longest: Duration) {
        let is_rung = self.is_rung.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.rung.wait_timeout_while(is_rung, longest, |is_rung| !*is_rung);
        let (mut is_rung, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *is_rung = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOREVER: Duration = Duration::from_secs(3_600);

    #[test]
    fn a_ring_is_heard_once_also_by_who_comes_later() {
        let bell = Bell::default();
        bell.ring();
        bell.wait(FOREVER);
        assert!(!*bell.is_rung.lock().unwrap());
        bell.wait(Duration::ZERO);
    }

    #[test]
    fn a_ring_wakes_who_waits() {
        let bell = Bell::default();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| bell.wait(FOREVER));
            bell.ring();
            waiting.join().unwrap();
        });
    }
}

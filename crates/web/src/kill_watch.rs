//! Long polls of kill marks: who waits for news is woken by them. Looks at nothing by itself.

use std::sync::{Arc, Weak};
use std::time::Duration;

use actix_web::rt::time::timeout;
use tokio::sync::watch;
use turnkeep_guard::in_flight::{InFlightLimit, InFlightPermit};
use turnkeep_service::authority::Authority;

/// What wakes everybody up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Signal {
    kills_version: u64,
    is_stopping: bool,
}

/// Tells whoever waits that something was killed, or that the server stops.
pub(crate) struct KillWatch {
    signal: Arc<watch::Sender<Signal>>,
    places: InFlightLimit,
}

/// A place among those who wait. What happens from here on is not missed.
pub(crate) struct Waiting {
    signal: watch::Receiver<Signal>,
    _place: InFlightPermit,
}

impl KillWatch {
    /// Watches the kills of an authority, for so many at most.
    pub(crate) fn new(authority: &Arc<Authority>, places: usize) -> Self {
        let (signal, _) =
            watch::channel(Signal { kills_version: authority.kills_version(), is_stopping: false });
        let signal = Arc::new(signal);
        // The authority keeps its listeners, so they must not keep the authority.
        let (watched, told) = (Arc::downgrade(authority), Arc::clone(&signal));
        authority.on_change(Box::new(move || tell(&watched, &told)));
        Self { signal, places: InFlightLimit::new(places) }
    }

    /// A place, unless there is none or the server is stopping.
    pub(crate) fn begin_waiting(&self) -> Option<Waiting> {
        let place = self.places.try_enter()?;
        let signal = self.signal.subscribe();
        let is_stopping = signal.borrow().is_stopping;
        (!is_stopping).then_some(Waiting { signal, _place: place })
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.places.in_flight()
    }

    /// Wakes everybody up; nobody waits from now on.
    pub(crate) fn stop(&self) {
        self.signal.send_modify(|signal| signal.is_stopping = true);
    }

    /// Whether nobody may wait any more.
    pub(crate) fn is_stopping(&self) -> bool {
        self.signal.borrow().is_stopping
    }
}

fn tell(watched: &Weak<Authority>, told: &watch::Sender<Signal>) {
    if let Some(authority) = watched.upgrade() {
        note(told, authority.kills_version());
    }
}

/// Most changes kill nothing, and wake nobody.
fn note(signal: &watch::Sender<Signal>, kills_version: u64) {
    signal.send_if_modified(|signal| {
        let is_news = signal.kills_version != kills_version;
        signal.kills_version = kills_version;
        is_news
    });
}

impl Waiting {
    /// Waits for the next signal, but no longer than this.
    pub(crate) async fn wait(&mut self, at_most: Duration) {
        // Either way whoever waited has another look.
        let _ = timeout(at_most, self.signal.changed()).await;
    }
}

#[cfg(test)]
mod tests {
    use actix_web::rt::System;
    use futures_util::FutureExt;

    use super::*;

    const AN_HOUR: Duration = Duration::from_secs(3_600);

    fn watch(places: usize) -> KillWatch {
        let (signal, _) = watch::channel(Signal { kills_version: 7, is_stopping: false });
        KillWatch { signal: Arc::new(signal), places: InFlightLimit::new(places) }
    }

    #[test]
    fn a_kill_wakes_who_waits_and_nothing_else_does() {
        System::new().block_on(async {
            let watch = watch(1);
            let mut waiting = watch.begin_waiting().unwrap();
            note(&watch.signal, 7);
            assert_eq!(waiting.wait(AN_HOUR).now_or_never(), None);
            note(&watch.signal, 8);
            assert_eq!(waiting.wait(AN_HOUR).now_or_never(), Some(()));
            assert_eq!(waiting.wait(AN_HOUR).now_or_never(), None, "it waits for the next one");
        });
    }

    #[test]
    fn only_so_many_wait() {
        let watch = watch(2);
        let first = watch.begin_waiting().unwrap();
        let _second = watch.begin_waiting().unwrap();
        assert!(watch.begin_waiting().is_none());
        assert_eq!(watch.waiting(), 2);
        drop(first);
        assert!(watch.begin_waiting().is_some());
    }

    #[test]
    fn when_the_server_stops_everybody_is_woken_and_nobody_waits_any_more() {
        System::new().block_on(async {
            let watch = watch(2);
            let mut waiting = watch.begin_waiting().unwrap();
            watch.stop();
            assert_eq!(waiting.wait(AN_HOUR).now_or_never(), Some(()));
            assert!(watch.begin_waiting().is_none());
            assert!(watch.is_stopping());
        });
    }
}

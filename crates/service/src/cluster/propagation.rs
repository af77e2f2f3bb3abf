//! Waiting until a change is everywhere.

use std::time::Duration;

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::NodeId;
use turnkeep_storage::node::Node;
use turnkeep_storage::store::Store;

use crate::clock::Clock;
use crate::cluster::lease::{LEASE, MARGIN};

/// The first look is at once, the next ones less and less often.
const SHORTEST_PAUSE: Duration = Duration::from_micros(500);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// What a change waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Propagation {
    /// The change.
    pub sequence: ChangeSequence,
    /// How many other nodes had to apply it, as far as the database could say.
    pub nodes: usize,
    /// How many of them did not, so that their leases were waited out.
    pub fenced: usize,
    /// How long it took.
    pub waited: Duration,
}

/// Waits until no other node honours a state before the change: each has applied it, or its lease has run out.
/// `committed` is a moment after the commit, in time since boot.
///
/// Once the database has not said who is behind it is not asked again, as it may take long not to answer: the leases of
/// all are waited out, which is enough whatever it would have said.
pub(crate) fn await_propagation(
    store: &dyn Store,
    clock: &dyn Clock,
    sequence: ChangeSequence,
    committed: Duration,
    own: Option<NodeId>,
) -> Propagation {
    let waited = || clock.since_boot().saturating_sub(committed);
    let mut pause = SHORTEST_PAUSE;
    let mut nodes = 0;
    loop {
        let Some(behind) = others_behind(store, sequence, own) else {
            return Propagation { nodes, fenced: nodes, ..wait_out(clock, sequence, committed) };
        };
        nodes = nodes.max(behind.len());
        if behind.is_empty() {
            return Propagation { sequence, nodes, fenced: 0, waited: waited() };
        }
        if LEASE + MARGIN <= waited() {
            fence(store, &behind, sequence);
            return Propagation { sequence, nodes, fenced: behind.len(), waited: waited() };
        }
        clock.pause(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Waits until every lease that began before the commit has run out, whoever holds one.
pub(crate) fn wait_out(clock: &dyn Clock, sequence: ChangeSequence, committed: Duration) -> Propagation {
    loop {
        let waited = clock.since_boot().saturating_sub(committed);
        let rest = (LEASE + MARGIN).saturating_sub(waited);
        if rest.is_zero() {
            return Propagation { sequence, nodes: 0, fenced: 0, waited };
        }
        clock.pause(rest);
    }
}

/// `None` if the database does not say.
fn others_behind(store: &dyn Store, sequence: ChangeSequence, own: Option<NodeId>) -> Option<Vec<Node>> {
    let behind = store.read(|reads| reads.list_nodes_behind(sequence)).ok()?;
    Some(behind.into_iter().filter(|node| Some(node.id) != own).collect())
}

/// So that the next change need not wait for them. One that has caught up at the last moment stays.
fn fence(store: &dyn Store, behind: &[Node], sequence: ChangeSequence) {
    for node in behind {
        tracing::warn!(node = %node.id, "a node does not follow; going on without it");
        let removed = store.keep_books(|books| books.remove_node_behind(node.id, sequence));
        if let Err(error) = removed {
            tracing::warn!(node = %node.id, error = %error, "the node could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use turnkeep_domain::time::Timestamp;
    use turnkeep_storage::change_hints::ChangeHints;
    use turnkeep_storage::error::{StoreError, StoreResult};
    use turnkeep_storage::store::{AdmitWork, BookkeepingWork, MutateWork, ReadWork};
    use turnkeep_testkit::fixed_clock::FixedClock;

    use super::*;

    #[derive(Default)]
    struct TestClock(FixedClock);

    impl Clock for TestClock {
        fn now(&self) -> Timestamp {
            self.0.now()
        }

        fn since_boot(&self) -> Duration {
            self.0.since_boot()
        }

        fn pause(&self, duration: Duration) {
            self.0.pause(duration);
        }
    }

    /// A database that takes a while not to answer.
    struct SilentStore<'a> {
        clock: &'a TestClock,
        patience: Duration,
        asked: AtomicUsize,
    }

    impl SilentStore<'_> {
        fn fail<T>(&self) -> StoreResult<T> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            self.clock.pause(self.patience);
            Err(StoreError::Unavailable("silence".into()))
        }
    }

    impl Store for SilentStore<'_> {
        fn read_erased(&self, _: ReadWork<'_>) -> StoreResult<()> {
            self.fail()
        }

        fn mutate_erased(&self, _: MutateWork<'_>) -> StoreResult<Option<ChangeSequence>> {
            self.fail()
        }

        fn admit_erased(&self, _: AdmitWork<'_>) -> StoreResult<()> {
            self.fail()
        }

        fn keep_books_erased(&self, _: BookkeepingWork<'_>) -> StoreResult<()> {
            self.fail()
        }

        fn change_hints(&self) -> StoreResult<Option<Box<dyn ChangeHints>>> {
            self.fail()
        }
    }

    #[test]
    fn a_silent_database_is_asked_once_and_every_lease_is_waited_out() {
        let ms = Duration::from_millis;
        for (patience, expected) in [(0, 2_100), (2_000, 2_100), (5_000, 5_000)] {
            let clock = TestClock::default();
            clock.pause(ms(1_000));
            let store = SilentStore { clock: &clock, patience: ms(patience), asked: AtomicUsize::new(0) };
            let sequence = ChangeSequence::from_number(7);
            let propagation = await_propagation(&store, &clock, sequence, ms(1_000), None);
            assert_eq!(propagation, Propagation { sequence, nodes: 0, fenced: 0, waited: ms(expected) });
            assert_eq!(store.asked.load(Ordering::Relaxed), 1, "{patience}");
        }
    }

    #[test]
    fn what_has_passed_since_the_commit_counts() {
        let ms = Duration::from_millis;
        let clock = TestClock::default();
        clock.pause(ms(1_500));
        let propagation = wait_out(&clock, ChangeSequence::from_number(7), ms(500));
        assert_eq!((propagation.waited, clock.since_boot()), (ms(2_100), ms(2_600)));
    }
}

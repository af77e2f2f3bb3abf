//! Following the change log: what this node has applied, and for how long that counts.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use turnkeep_domain::change::{Change, ChangeSequence};
use turnkeep_domain::id::NodeId;
use turnkeep_secret::random::{RandomSource, random_bytes};
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::node::Node;
use turnkeep_storage::outcome::Updated;
use turnkeep_storage::store::{Store, Writes};

use crate::clock::Clock;
use crate::cluster::change_marks::ChangeMarks;
use crate::cluster::kill_marks::KillMarks;
use crate::cluster::lease::{LEASE, Lease, MARGIN};

/// A node that is further behind reads everything again instead.
const CHANGES_AT_ONCE: u32 = 10_000;

/// How old a kill in the change log may look when a node starts. Much more than a token's life, since the clock that
/// wrote it may have been wrong.
const KILLS_READ_AT_START: Duration = Duration::from_secs(3 * 3_600);

/// Somebody who wants to know that something has changed. Must not wait for anything.
pub(crate) type Listener = Box<dyn Fn() + Send + Sync>;

/// What a node knows of the changes, shared by all of its threads.
pub(crate) struct Follower {
    pub(crate) marks: ChangeMarks,
    pub(crate) kills: KillMarks,
    pub(crate) lease: Lease,
    applied: AtomicI64,
    /// The latest change that it has seen there to be.
    known: AtomicI64,
    /// Somebody renews the lease, so that requests need not.
    is_followed: AtomicBool,
    /// Where this node stands in the eyes of the others. Never held while anything else is waited for.
    place: Mutex<Option<Place>>,
    /// Held while changes are applied, by one thread at a time.
    applying: Mutex<()>,
    /// Called after changes were applied.
    listeners: Mutex<Vec<Listener>>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn RandomSource>,
}

/// A registration.
#[derive(Debug, Clone, Copy)]
struct Place {
    node: NodeId,
    /// What the database says that the node has applied.
    acknowledged: ChangeSequence,
    /// When it registered, in time since boot.
    since: Duration,
}

/// What a look into the change log has found.
struct Look {
    head: ChangeSequence,
    is_registered: bool,
    changes: Vec<Change>,
}

impl Follower {
    /// A node that has not looked yet.
    pub(crate) fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, random: Arc<dyn RandomSource>) -> Self {
        Self {
            marks: ChangeMarks::default(),
            kills: KillMarks::default(),
            lease: Lease::default(),
            applied: AtomicI64::new(0),
            known: AtomicI64::new(0),
            is_followed: AtomicBool::new(false),
            place: Mutex::default(),
            applying: Mutex::default(),
            listeners: Mutex::default(),
            store,
            clock,
            random,
        }
    }

    /// What has been applied: everything that is served from memory knows of it.
    pub(crate) fn applied(&self) -> ChangeSequence {
        ChangeSequence::from_number(self.applied.load(Ordering::Acquire))
    }

    /// How many changes it has seen there to be, but has not applied.
    pub(crate) fn behind(&self) -> u64 {
        // In this order: what is applied meanwhile is no longer missing.
        let known = self.known.load(Ordering::Acquire);
        u64::try_from(known.saturating_sub(self.applied().as_number())).unwrap_or(0)
    }

    /// Somebody calls [`renew`](Self::renew) all the time from now on.
    pub(crate) fn set_followed(&self) {
        self.is_followed.store(true, Ordering::Release);
    }

    /// Whether somebody renews the lease.
    pub(crate) fn is_followed(&self) -> bool {
        self.is_followed.load(Ordering::Acquire)
    }

    /// Applies what has changed, says so, and begins a new lease. Registers the node where it is not.
    pub(crate) fn renew(&self) -> StoreResult<()> {
        let _applying = self.applying();
        loop {
            let place = *self.place();
            let Some(Place { node, acknowledged, .. }) = place else {
                self.register()?;
                continue;
            };
            let begun = self.clock.since_boot();
            let look = self.look(Some(node))?;
            if !look.is_registered {
                // A mutation waited long enough and went on without this node.
                tracing::warn!(node = %node, "removed from the cluster for not following; joining again");
                self.forget_place();
                continue;
            }
            self.apply(&look)?;
            // A change of this node's own may have said so with its commit, a moment after it could be seen.
            let acknowledged = self.place().map_or(acknowledged, |place| place.acknowledged);
            if acknowledged < look.head {
                let stored = self.store.keep_books(|books| books.acknowledge_changes(node, look.head))?;
                if stored == Updated::Stale {
                    self.forget_place();
                    continue;
                }
                self.note_acknowledged(Some((node, look.head)));
            }
            self.lease.begin(begun);
            return Ok(());
        }
    }

    /// Applies what has changed, as after a mutation of this node. Says so to nobody and lengthens no lease.
    pub(crate) fn catch_up(&self) -> StoreResult<()> {
        let _applying = self.applying();
        if self.node().is_none() {
            // Nothing is served from memory.
            return Ok(());
        }
        let look = self.look(None)?;
        self.apply(&look)
    }

    /// Says in a mutation's own transaction that this node will have applied its changes, if there is none before them
    /// that it has not: then no write of its own is needed later, which on SQLite another long change would hold up.
    ///
    /// Only where no other node is registered: on another one somebody may repeat the change, who is told that nothing is
    /// left to do as soon as every node says that it knows. On this one that waits for [`catch_up`], as the change does.
    ///
    /// [`catch_up`]: Self::catch_up
    pub(crate) fn acknowledge_within(
        &self,
        writes: &mut dyn Writes,
        before: ChangeSequence,
    ) -> StoreResult<Option<(NodeId, ChangeSequence)>> {
        let Some(node) = self.node().filter(|_| self.applied() == before) else {
            return Ok(None);
        };
        // In a cluster it ends here.
        if writes.count_nodes()? != 1 {
            return Ok(None);
        }
        let after = writes.change_sequence()?;
        if after == before {
            return Ok(None);
        }
        let acknowledged = writes.acknowledge_changes(node, after)?;
        Ok((acknowledged == Updated::Updated).then_some((node, after)))
    }

    /// The transaction that acknowledged the changes up to here has committed.
    pub(crate) fn note_acknowledged(&self, acknowledged: Option<(NodeId, ChangeSequence)>) {
        if let Some((node, sequence)) = acknowledged
            && let Some(place) = &mut *self.place()
            && place.node == node
        {
            place.acknowledged = place.acknowledged.max(sequence);
        }
    }

    /// Leaves the cluster: no mutation waits for this node any more.
    pub(crate) fn leave(&self) -> StoreResult<()> {
        let _applying = self.applying();
        self.lease.end();
        let place = self.place().take();
        if let Some(place) = place {
            // Another node may have removed it before.
            let _ = self.store.keep_books(|books| books.remove_node(place.node))?;
        }
        Ok(())
    }

    /// This node's registration.
    pub(crate) fn node(&self) -> Option<NodeId> {
        self.place().map(|place| place.node)
    }

    /// Whether it has been registered for as long as anybody holds a lease.
    pub(crate) fn is_established(&self) -> bool {
        let now = self.clock.since_boot();
        self.place().is_some_and(|place| LEASE + MARGIN <= now.saturating_sub(place.since))
    }

    /// Has somebody told after every change that was applied here.
    pub(crate) fn tell(&self, listener: Listener) {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// Everything in memory may be older than the moment of registration.
    fn register(&self) -> StoreResult<()> {
        let (head, kills) = self.read_everything()?;
        self.refuse_older(head)?;
        self.start_over(head, &kills);
        let now = self.clock.now();
        let id = NodeId::new(now, random_bytes(&*self.random));
        let node = Node { id, applied: head, registered_at: now };
        self.store.keep_books(|books| books.register_node(&node))?;
        let since = self.clock.since_boot();
        *self.place() = Some(Place { node: id, acknowledged: head, since });
        Ok(())
    }

    fn look(&self, node: Option<NodeId>) -> StoreResult<Look> {
        let applied = self.applied();
        self.store.read(|reads| {
            let head = reads.change_sequence()?;
            self.known.fetch_max(head.as_number(), Ordering::AcqRel);
            let is_registered = match node {
                Some(node) => reads.is_node_registered(node)?,
                None => true,
            };
            let changes = match applied < head {
                true => reads.list_changes(applied, CHANGES_AT_ONCE)?,
                false => Vec::new(),
            };
            Ok(Look { head, is_registered, changes })
        })
    }

    fn apply(&self, look: &Look) -> StoreResult<()> {
        self.refuse_older(look.head)?;
        let applied = self.applied();
        if look.head == applied {
            return Ok(());
        }
        if !leads_to(applied, &look.changes, look.head) {
            tracing::warn!("changes were missed; everything in memory is read again");
            let (head, kills) = self.read_everything()?;
            self.start_over(head, &kills);
            return Ok(());
        }
        let since_boot = self.clock.since_boot();
        for change in &look.changes {
            self.marks.raise(change.scope, change.sequence);
            self.kills.note(change, since_boot);
        }
        self.advance(look.head);
        Ok(())
    }

    fn read_everything(&self) -> StoreResult<(ChangeSequence, Vec<Change>)> {
        let made_after = self.clock.now().minus(KILLS_READ_AT_START);
        self.store.read(|reads| Ok((reads.change_sequence()?, reads.list_kills(made_after)?)))
    }

    /// A database that was put back to an older state gives numbers a second time: what is in memory, and the marks, would
    /// be taken for newer than what is to come. Only a new process can go on.
    fn refuse_older(&self, head: ChangeSequence) -> StoreResult<()> {
        if self.applied() <= head {
            return Ok(());
        }
        self.lease.end();
        Err(StoreError::Unavailable("the database is older than this node: restart the node".into()))
    }

    fn start_over(&self, head: ChangeSequence, kills: &[Change]) {
        self.marks.raise_everything(head);
        let since_boot = self.clock.since_boot();
        for change in kills {
            self.kills.note(change, since_boot);
        }
        self.advance(head);
    }

    /// Only after everything up to `head` shows in the marks.
    fn advance(&self, head: ChangeSequence) {
        self.applied.fetch_max(head.as_number(), Ordering::AcqRel);
        for listener in &*self.listeners.lock().unwrap_or_else(PoisonError::into_inner) {
            listener();
        }
    }

    fn forget_place(&self) {
        self.lease.end();
        *self.place() = None;
    }

    fn place(&self) -> MutexGuard<'_, Option<Place>> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn applying(&self) -> MutexGuard<'_, ()> {
        self.applying.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the changes are all that happened between two points: none is missing.
fn leads_to(from: ChangeSequence, changes: &[Change], head: ChangeSequence) -> bool {
    let mut expected = from.as_number();
    let consecutive = changes.iter().all(|change| {
        expected += 1;
        change.sequence.as_number() == expected
    });
    consecutive && expected == head.as_number()
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::change::{ChangeScope, TokensBefore};
    use turnkeep_domain::id::InstanceId;
    use turnkeep_domain::time::Timestamp;

    use super::*;

    fn changes(sequences: &[i64]) -> Vec<Change> {
        let change = |sequence: &i64| Change {
            sequence: ChangeSequence::from_number(*sequence),
            scope: ChangeScope::Instance(InstanceId::from_bytes([1; 16])),
            tokens_before: TokensBefore::Live,
            at: Timestamp::from_secs(0),
        };
        sequences.iter().map(change).collect()
    }

    #[test]
    fn a_gap_anywhere_is_noticed() {
        let n = ChangeSequence::from_number;
        for (from, found, head, expected) in [
            (4, &[5, 6, 7][..], 7, true),
            (4, &[], 4, true),
            (4, &[6, 7], 7, false),
            (4, &[5, 7], 7, false),
            (4, &[5, 6], 7, false),
            (4, &[], 7, false),
            // The database was put back to an older state.
            (9, &[], 7, false),
        ] {
            assert_eq!(leads_to(n(from), &changes(found), n(head)), expected, "{from} {found:?} {head}");
        }
    }
}

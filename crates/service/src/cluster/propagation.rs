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
    /// How many other nodes had to apply it.
    pub nodes: usize,
    /// How many of them did not, so that their leases were waited out.
    pub fenced: usize,
    /// How long it took.
    pub waited: Duration,
}

/// Waits until no other node honours a state before the change: each has applied it, or its lease has run out.
///
/// To be called after the commit. A database that cannot be asked meanwhile makes it wait the whole time, which is
/// enough whatever it would have said.
pub(crate) fn await_propagation(
    store: &dyn Store,
    clock: &dyn Clock,
    sequence: ChangeSequence,
    own: Option<NodeId>,
) -> Propagation {
    let begun = clock.since_boot();
    let waited = || clock.since_boot().saturating_sub(begun);
    let mut pause = SHORTEST_PAUSE;
    let mut nodes = 0;
    loop {
        let behind = others_behind(store, sequence, own);
        if let Some(behind) = &behind {
            nodes = nodes.max(behind.len());
        }
        let is_over = LEASE + MARGIN <= waited();
        match behind {
            Some(behind) if behind.is_empty() => {
                return Propagation { sequence, nodes, fenced: 0, waited: waited() };
            }
            Some(behind) if is_over => {
                fence(store, &behind, sequence);
                return Propagation { sequence, nodes, fenced: behind.len(), waited: waited() };
            }
            None if is_over => return Propagation { sequence, nodes, fenced: nodes, waited: waited() },
            Some(_) | None => clock.pause(pause),
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
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

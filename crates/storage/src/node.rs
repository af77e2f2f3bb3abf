//! Running servers that serve from memory, and how far each has followed the change log.

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::NodeId;
use turnkeep_domain::time::Timestamp;

use crate::error::StoreResult;
use crate::outcome::{Deleted, Updated};

/// A registered node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Its id, new at every registration.
    pub id: NodeId,
    /// What it has applied of the change log: it honours no older state.
    pub applied: ChangeSequence,
    /// When it registered, by its own clock.
    pub registered_at: Timestamp,
}

/// Reads of nodes.
pub trait NodeReads {
    /// Whether a node is registered.
    fn is_node_registered(&mut self, id: NodeId) -> StoreResult<bool>;
    /// Every node that has not applied this change yet.
    fn list_nodes_behind(&mut self, sequence: ChangeSequence) -> StoreResult<Vec<Node>>;
    /// How many nodes are registered.
    fn count_nodes(&mut self) -> StoreResult<u32>;
}

/// Changes of nodes. They never wait for mutations of the registry.
pub trait NodeWrites {
    /// Adds a node.
    fn register_node(&mut self, node: &Node) -> StoreResult<()>;
    /// Notes how far a node has come; `Stale` if it is not registered any more.
    fn acknowledge_changes(&mut self, id: NodeId, applied: ChangeSequence) -> StoreResult<Updated>;
    /// Removes a node that stops.
    fn remove_node(&mut self, id: NodeId) -> StoreResult<Deleted>;
    /// Removes a node if it still has not applied this change.
    fn remove_node_behind(&mut self, id: NodeId, sequence: ChangeSequence) -> StoreResult<Deleted>;
}

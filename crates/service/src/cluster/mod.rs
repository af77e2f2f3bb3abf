//! Keeping nodes in step: what a node serves from memory is never older than the last change that a mutating call
//! has returned from (see `docs/architecture.md`, "Kill switch").

pub(crate) mod change_marks;
pub(crate) mod follower;
pub(crate) mod lease;
pub(crate) mod propagating_store;

#[cfg(test)]
mod interleavings;

pub mod following;
pub mod kill_marks;
pub mod list_nodes;
pub mod observed;
pub mod propagation;

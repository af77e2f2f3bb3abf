//! The resource guard: what a node can take, and what it turns away when that is not everything.

pub mod guard_state;
pub mod priority;

//! Whether the server runs, and whether it can work.

pub(crate) mod live;
pub(crate) mod node_state;
pub(crate) mod ready;

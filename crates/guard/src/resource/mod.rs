//! The resource guard: what a node can take, and what it turns away when that is not everything.

pub mod adaptive_limit;
pub mod fair_shares;
pub mod guard_core;
pub mod guard_state;
pub mod load;
pub mod machine;
pub mod priority;
pub mod recording;
pub mod replay;
pub mod resource_guard;
pub mod run_queue;
pub mod running_count;
pub mod sample;
pub mod signal;
pub mod thresholds;

mod cgroup;
mod pressure;

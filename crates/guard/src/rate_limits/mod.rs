//! How many requests may come, by layer: the whole node, one address, one client, one tenant.
//!
//! Counts in this process; `shared` says what counting together with other nodes looks like.

pub mod limiter;
pub mod pacer;
pub mod quota;
pub mod settings;
pub mod shared;
pub mod standing;
pub mod verdict;

mod cell;
mod layer_limit;
mod per_endpoint;

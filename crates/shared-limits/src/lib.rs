//! Rate limits that the nodes of a cluster count together, in a Redis or Valkey server. When it is gone, nobody
//! waits for it: each node goes on with its own limits.
#![forbid(unsafe_code)]

pub mod redis_limits;
pub mod settings;

mod link;
mod script;
mod subject_key;

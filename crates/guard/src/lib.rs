//! What keeps the server standing: limits on guessing and on concurrent work, and who a request comes from.
//!
//! Free of HTTP: addresses and header texts come in as arguments. State lives in this process, is bounded, and is
//! lost with it.
#![forbid(unsafe_code)]

pub mod client_address;
pub mod endpoint;
pub mod failure_guard;
pub mod in_flight;
pub mod layer;
pub mod rate_limits;
pub mod resource;

mod address_prefix;
mod bounded_states;
mod named_values;

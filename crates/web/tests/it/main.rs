//! The whole server below the socket: the real routes on a database in memory, or for the attacks on both databases
//! that servers run on, with a clock that stands still and randomness that repeats.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test that cannot go on has to stop"
)]

mod world;

mod account;
mod attacks;
mod authorization;
mod connect;
mod dashboard;
mod faults;
mod from_memory;
mod health;
mod kill_marks;
mod load;
mod logout;
mod logs;
mod management;
mod metrics;
mod openapi;
mod person_tokens;
mod propagation_header;
mod rate_limits;
mod routing;
mod urgent_flood;
mod well_known;

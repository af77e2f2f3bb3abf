//! The whole server below the socket: the real routes on a database in memory, or for the attacks on both databases
//! that servers run on, with a clock that stands still and randomness that repeats.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has to stop"
)]

mod world;

mod attacks;
mod connect;
mod faults;
mod health;
mod management;
mod openapi;
mod routing;
mod well_known;

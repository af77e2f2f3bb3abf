//! The client against an authority that does whatever a test wants, over real connections.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has to stop")]

mod authority;
mod bounds;
mod clock;
mod discovery;
mod failures;
mod renewal;
mod requests;
mod secrecy;
mod waiters;

//! The ceremonies of passkeys, with a browser and an authenticator that somebody else wrote.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has to stop")]

mod browser;
mod refusals;
mod registering;
mod signing_in;

//! Limits that nodes share, counted by a real server.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has to stop")]

mod counting;
mod going_and_coming;
mod world;

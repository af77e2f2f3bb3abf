//! The use cases against a database in memory, with a clock that stands still and randomness that repeats.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has to stop")]

mod world;

mod first_start;

mod tokens;

mod keys;

mod person_tokens;

mod people;

mod registry;

mod audit;
mod authorization;
mod cluster;
mod exchange;
mod reference_tokens;
mod seeds;
mod sign_in;
mod storage_settings;
mod usage;

//! The facade as another service uses it, on real clocks and databases.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has to stop")]

mod host;

mod master_key_file;
mod opening;
mod routes;
mod serving;

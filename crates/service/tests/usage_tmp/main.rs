//! Temporary.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]
mod usage;
mod world;

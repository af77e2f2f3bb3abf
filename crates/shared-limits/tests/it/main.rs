//! Limits that nodes share, counted by a real server.

mod counting;
mod going_and_coming;
mod world;

//! What the tests of the other crates share. Only ever a dev-dependency.

pub mod contract;
pub mod fixed_clock;
pub mod fixtures;
pub mod postgres;
pub mod redis_server;
pub mod s3_server;
pub mod seeded_random;

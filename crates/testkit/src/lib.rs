//! What the tests of the other crates share. Only ever a dev-dependency.

pub mod contract;
pub mod cookie_jar;
pub mod fixed_clock;
pub mod fixtures;
pub mod page_form;
pub mod postgres;
pub mod redis_server;
pub mod s3_server;
pub mod seeded_random;
#[cfg(feature = "passkeys")]
pub mod soft_authenticator;

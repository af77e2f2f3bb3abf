//! The real executable, started as its users start it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod audit;
mod demo;
mod foreign_verifier;
mod guard;
mod import_export;
mod keys;
mod logs;
mod observed;
mod people;
mod process;
mod refusals_to_start;
mod registry;
mod remote_agreement;
mod remote_calls;
mod remote_demo;
mod remote_failures;
mod remote_lists;
mod remote_refusals;
mod remote_secrets;
mod remote_usage;
mod reseal;
mod scripted_server;
mod several_nodes;
mod shared_limits;
mod shutdown;
mod sign_in;
mod storage;
mod traces;
mod wire;

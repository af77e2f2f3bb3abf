//! The use cases of Turnkeep, one file each: load, decide, mint, record, answer.
//!
//! Synchronous and free of HTTP: an adapter turns requests into commands and outcomes into responses. Ids and
//! times are made here, from the clock and the random source that the authority was given.
#![forbid(unsafe_code)]

pub mod authority;
pub mod clock;
pub mod cluster;
pub mod cursors;
pub mod failure;
pub mod issuer;
pub mod node_status;

pub mod snapshot;

pub mod tokens;

pub mod token_requests;

pub mod person_tokens;

pub mod logout;

pub mod keys;

pub mod audit;

pub mod registry;

pub mod storage_settings;

pub mod people;

pub mod sign_in;

pub mod authorization;

pub mod exchange;

pub mod usage;

pub mod reference_tokens;

pub mod basic;

pub mod forward_auth;

pub mod first_start;

pub mod books;
mod handles;
mod make_digest;
pub mod sealed_state;
mod slow_hashing;
mod transaction;

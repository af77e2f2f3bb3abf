//! `/audit-events`, `/audit-chain`, `/audit-export`: what was done and refused.

pub(crate) mod operations;

mod chain;
mod export;
mod filter;
mod read;
mod show;

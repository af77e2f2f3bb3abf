//! `/audit-events`, `/audit-chain`, `/audit-export`: what was done and refused.

pub(crate) mod export;
pub(crate) mod filter;
pub(crate) mod operations;

mod chain;
mod read;
mod show;

//! What every store must do, as functions that panic when one does not. Each expects an empty database, and the
//! macro [`store_contract`](crate::store_contract) makes a test of each.
#![expect(clippy::unwrap_used, reason = "a store that fails has to stop its test")]

mod given;
mod suite;

pub mod apps;
pub mod audit;
pub mod bookkeeping;
pub mod changes;
pub mod instances;
pub mod isolation;
pub mod nodes;
pub mod plans;
pub mod regions;
pub mod resources;
pub mod secrets;
pub mod signing_keys;
pub mod single_use;
pub mod tenants;
pub mod texts;
pub mod tokens;
pub mod transactions;
pub mod users;

//! What every store must do, as functions that panic when one does not. Each expects an empty database, and the
//! macro [`store_contract`](crate::store_contract) makes a test of each.
#![expect(clippy::unwrap_used, reason = "a store that fails has to stop its test")]

mod given;
mod suite;

pub mod account_links;
pub mod app_filters;
pub mod apps;
pub mod audit;
pub mod audit_filters;
pub mod bookkeeping;
pub mod changes;
pub mod consents;
pub mod credentials;
pub mod guess_counts;
pub mod idempotency;
pub mod instances;
pub mod invitations;
pub mod isolation;
pub mod lists;
pub mod live_apps;
pub mod logout_notices;
pub mod management_tokens;
pub mod members;
pub mod nodes;
pub mod person_grants;
pub mod plans;
pub mod reference_tokens;
pub mod regions;
pub mod registered_nodes;
pub mod resources;
pub mod search;
pub mod secret_expiry;
pub mod secrets;
pub mod sessions;
pub mod sign_in_isolation;
pub mod sign_in_purge;
pub mod signing_keys;
pub mod single_use;
pub mod storage_configs;
pub mod tenants;
pub mod texts;
pub mod token_counts;
pub mod tokens;
pub mod transactions;
pub mod usage;
pub mod users;
pub mod uses_at_once;

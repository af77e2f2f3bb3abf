//! The traits of `storage`, one file per trait file there. Each query names the tenant or instance it is for.
//!
//! A record is read with `get_result`, not `first`: that would bind a `LIMIT`, on whose value SQLite plans, so
//! that each use would compile the statement again.

mod app;
mod audit;
mod bookkeeping;
mod change_log;
mod idempotency;
mod instance;
mod invitation;
mod keyset;
mod live_app;
mod management_token;
mod membership;
mod node;
mod plan;
mod region;
mod resource;
mod revoked_token;
mod secret;
mod signing_key;
mod single_use;
mod storage_config;
mod tenant;
mod token_counts;
mod usage;
mod user;

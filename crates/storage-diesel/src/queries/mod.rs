//! The traits of `storage`, one file per trait file there. Each query names the tenant or instance it is for.
//!
//! A record is read with `get_result`, not `first`: that would bind a `LIMIT`, on whose value SQLite plans, so
//! that each use would compile the statement again.

mod account_link;
mod app;
mod audit;
mod bookkeeping;
mod change_log;
mod consent;
mod credential;
mod guess_count;
mod idempotency;
mod instance;
mod invitation;
mod keyset;
mod live_app;
mod logout_notice;
mod management_token;
mod membership;
mod node;
mod person_grant;
mod plan;
mod reference_token;
mod region;
mod resource;
mod revoked_token;
mod secret;
mod session;
mod sign_in_purge;
mod signing_key;
mod single_use;
mod storage_config;
mod tenant;
mod token_counts;
mod usage;
mod user;

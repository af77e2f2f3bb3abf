//! What the use cases ask of a database, as traits. No SQL here, no driver, no rule.
//!
//! Verbs are fixed: `find_x` (an `Option`), `list_x`, `insert_x`, `update_x`, `consume_x`, `revoke_x`. Every query
//! of something a tenant owns takes the tenant's id, so that another tenant's record is as good as absent.
#![forbid(unsafe_code)]

pub mod error;
pub mod outcome;
pub mod store;

pub mod account_link;
pub mod app;
pub mod audit;
pub mod bookkeeping;
pub mod change_hints;
pub mod change_log;
pub mod consent;
pub mod credential;
pub mod guess_count;
pub mod idempotency;
pub mod instance;
pub mod invitation;
pub mod live_app;
pub mod logout_notice;
pub mod management_token;
pub mod membership;
pub mod node;
pub mod person_grant;
pub mod plan;
pub mod reference_token;
pub mod region;
pub mod resource;
pub mod revoked_token;
pub mod secret;
pub mod session;
pub mod signing_key;
pub mod single_use;
pub mod storage_config;
pub mod tenant;
pub mod token_counts;
pub mod usage;
pub mod user;

//! Rows and their domain forms: one file per kind of record.

mod cell;
mod granted;
mod json;
pub(crate) mod word;

pub(crate) mod account_link;
pub(crate) mod app;
pub(crate) mod audit;
pub(crate) mod change;
pub(crate) mod consent;
pub(crate) mod credential;
pub(crate) mod guess_count;
pub(crate) mod idempotency;
pub(crate) mod instance;
pub(crate) mod invitation;
pub(crate) mod logout_notice;
pub(crate) mod management_token;
pub(crate) mod membership;
pub(crate) mod node;
pub(crate) mod person_grant;
pub(crate) mod plan;
pub(crate) mod reference_token;
pub(crate) mod region;
pub(crate) mod region_database;
pub(crate) mod resource;
pub(crate) mod secret;
pub(crate) mod session;
pub(crate) mod signing_key;
pub(crate) mod storage_config;
pub(crate) mod tenant;
pub(crate) mod token_counts;
pub(crate) mod usage;
pub(crate) mod user;

//! Requests and responses of the management API, one file per record.
//!
//! Requests refuse members they do not know, so that nothing is assigned by accident; their values are texts and
//! numbers that `web` turns into domain types. No request has a member for what a caller must not set.

pub mod app;
pub mod app_fields;
pub mod audit_chain;
pub mod audit_event;
pub mod exchange;
pub mod explanation;
pub mod instance;
pub mod invitation;
pub mod list;
pub mod management_token;
pub mod me;
pub mod member;
pub mod plan;
pub mod reference_token;
pub mod region;
pub mod resource;
pub mod review;
pub mod secret;
pub mod storage_settings;
pub mod tenant;
#[cfg(feature = "openapi")]
pub mod texts;
pub mod token_requests;
pub mod usage;
pub mod user;

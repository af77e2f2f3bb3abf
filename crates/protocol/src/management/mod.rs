//! Requests and responses of the management API, one file per record.
//!
//! Requests refuse members they do not know, so that nothing is assigned by accident; their values are texts and
//! numbers that `web` turns into domain types. No request has a member for what a caller must not set.

pub mod app;
pub mod app_fields;
pub mod explanation;
pub mod instance;
pub mod list;
pub mod plan;
pub mod region;
pub mod resource;
pub mod secret;
pub mod tenant;
pub mod user;

//! Rows and their domain forms: one file per kind of record.

mod cell;
mod json;
pub(crate) mod word;

pub(crate) mod app;
pub(crate) mod audit;
pub(crate) mod instance;
pub(crate) mod plan;
pub(crate) mod region;
pub(crate) mod region_database;
pub(crate) mod resource;
pub(crate) mod secret;
pub(crate) mod signing_key;
pub(crate) mod tenant;
pub(crate) mod user;

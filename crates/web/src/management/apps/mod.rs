//! Apps, their secrets, their storage and their plans.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod explain;
pub(crate) mod operations;
pub(crate) mod plan;
pub(crate) mod read;
pub(crate) mod secrets;
pub(crate) mod storage;
pub(crate) mod switch;
pub(crate) mod update;

mod filter;
mod settings;
mod show;

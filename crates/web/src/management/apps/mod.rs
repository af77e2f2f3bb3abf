//! Apps, their secrets and their plans.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod explain;
pub(crate) mod plan;
pub(crate) mod read;
pub(crate) mod secrets;
pub(crate) mod switch;
pub(crate) mod update;

mod settings;
mod show;

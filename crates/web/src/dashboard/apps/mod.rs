//! Apps of a tenant.

pub(crate) mod app_page;
pub(crate) mod audit;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod overview;
pub(crate) mod plan;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod storage;
pub(crate) mod switch;
mod switch_effect;
pub(crate) mod tokens;
pub(crate) mod usage;

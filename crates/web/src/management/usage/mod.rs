//! `/usage`, and the usage of apps and tenants, in Document Units (seed 000 §4).

pub(crate) mod operations;

mod history;
mod read;
mod report;
mod show;

//! Regions and their databases.

pub(crate) mod create;
pub(crate) mod databases;
pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod update;

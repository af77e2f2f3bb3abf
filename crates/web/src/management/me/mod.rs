//! The caller itself.

pub(crate) mod operations;
pub(crate) mod read;

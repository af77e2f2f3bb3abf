//! Reference tokens of apps.

pub(crate) mod make;
pub(crate) mod operations;

mod read;
mod revoke;

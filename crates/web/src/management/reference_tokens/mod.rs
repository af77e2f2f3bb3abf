//! Reference tokens of apps.

pub(crate) mod operations;

mod make;
mod read;
mod revoke;

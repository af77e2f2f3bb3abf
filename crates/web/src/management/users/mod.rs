//! Users of an instance.

pub(crate) mod create;
pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod switch;
pub(crate) mod tokens;
pub(crate) mod update;

mod sign_out;
mod welcome;

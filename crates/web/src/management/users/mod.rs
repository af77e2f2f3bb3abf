//! Users of an instance.

pub(crate) mod create;
pub(crate) mod read;
pub(crate) mod switch;

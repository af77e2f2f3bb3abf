//! The secrets of an app: looking at them, making new ones, taking them back (seed 001).

pub(crate) mod replace;
pub(crate) mod revoke;
pub(crate) mod show;

mod age;

//! `/review`: every app with what deserves a look.

pub(crate) mod operations;

mod read;

//! Legacy Basic: a user name and a password at every request, for the apps that allow it (seed 002).

pub mod check_basic;

pub(crate) mod basic_memory;
